"""Judges the packages of a folder by what is known of them. Pure functions.

A finding is a "problem" only if exact versions, or ranges that allow no other, are known to fail.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from oai_tui.diagnosis.package_remedies import install_remedies, sync_remedy
from oai_tui.domain.packages import (
    LANGUAGES,
    BadPair,
    BadUse,
    Ecosystem,
    FolderPackages,
    Package,
    PackageFinding,
    PackageKnowledge,
    PackageSet,
    Remedy,
    Severity,
)
from oai_tui.domain.versions import ANY, VersionRange, version_key, version_range

_SDK = "openai"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judge:
    """What all judgements need. variables: environment variable -> where it is set."""

    read: FolderPackages
    variables: Mapping[str, str]
    windows: bool

    def of(self, ecosystem: Ecosystem, *states: str) -> list[PackageSet]:
        """Return the sets of an ecosystem in one of the states."""
        return [
            each for each in self.read.sets if each.ecosystem == ecosystem and each.state in states
        ]

    def in_use(self, ecosystem: Ecosystem, name: str) -> list[tuple[PackageSet, Package]]:
        """Return the package where programs get it from.

        The environments; without one the lock files, and without these what is required.
        """
        for state in ("installed", "locked", "required"):
            found = [
                (each, package)
                for each in self.of(ecosystem, state)
                for package in each.packages
                if package.name == name
            ]
            if found:
                return found
        return []

    def install(
        self, replace_by: Sequence[tuple[str, str]], *into: PackageSet
    ) -> tuple[Remedy, ...]:
        """Return how to install other versions, best first."""
        return install_remedies(replace_by, into, self.read, windows=self.windows)


def package_findings(
    read: FolderPackages,
    knowledge: PackageKnowledge,
    variables: Mapping[str, str],
    *,
    windows: bool = False,
) -> tuple[PackageFinding, ...]:
    """Return what is wrong or odd in a folder, problems first.

    variables: the environment variables of OpenAI's SDKs that are set, each with its place.
    windows: write commands for its shells.
    """
    judge = _Judge(read=read, variables=variables, windows=windows)
    found = [
        *(finding for pair in knowledge.pairs for finding in _pair(judge, pair)),
        *_shadowed(judge),
        *(finding for use in knowledge.uses for finding in _use(judge, use)),
        *_declared_conflicts(judge, knowledge),
        *_differences(judge),
        *_ignored_variables(judge, knowledge),
    ]
    return tuple(sorted(found, key=lambda finding: finding.severity != "problem"))


def _range(text: str) -> VersionRange:
    """Return a range of the knowledge, which a test proves readable."""
    return version_range(text) or ANY


def _allowed(package: Package) -> VersionRange | None:
    """Return the versions that a place allows; None if it cannot be read."""
    return version_range(package.version or package.constraint)


def _pair(judge: _Judge, pair: BadPair) -> Iterator[PackageFinding]:
    """Yield one finding for all sets with the same versions that do not work together."""
    is_locked = bool(judge.of(pair.ecosystem, "locked"))
    found: dict[tuple[Severity, str], list[PackageSet]] = {}
    for each in judge.of(pair.ecosystem, "installed", "locked", "required"):
        severity = _pair_severity(pair, each)
        if severity == "problem":
            both = [each.find(name) for name in (pair.package, pair.other)]
            versions = " and ".join(package.what for package in both if package is not None)
            title = f"{versions} don't work together"
        elif severity == "warning" and not is_locked:
            title = f"{each.path} allows {pair.package} and {pair.other} that don't work together"
        else:
            continue
        found.setdefault((severity, title), []).append(each)
    for (severity, title), sets in found.items():
        places = [each.find(name) for each in sets for name in (pair.package, pair.other)]
        yield PackageFinding(
            id=pair.id,
            severity=severity,
            ecosystem=pair.ecosystem,
            title=title,
            meaning=pair.meaning,
            where=tuple(package.place for package in places if package is not None),
            remedies=judge.install(pair.replace_by, *sets),
            known=pair.known,
        )


def _pair_severity(pair: BadPair, each: PackageSet) -> Severity | None:
    ones = [package for package in each.packages if package.name == pair.package]
    others = [package for package in each.packages if package.name == pair.other]
    bad, bad_other = _range(pair.versions), _range(pair.other_versions)
    if not ones:
        return None
    if others and all(package.version is not None for package in (*ones, *others)):
        # a lock file may have several versions, for several systems
        is_bad = all(bad.contains(package.version or "") for package in ones)
        is_bad_other = all(bad_other.contains(package.version or "") for package in others)
        return "problem" if is_bad and is_bad_other else None
    if each.state != "required":
        return None
    allowed = [_allowed(package) for package in ones]
    allowed_other = [_allowed(package) for package in others] or [ANY]
    if all(one is not None and one.is_within(bad) for one in allowed) and all(
        other is not None and other.reaches(bad_other) for other in allowed_other
    ):
        return "warning"
    return None


def _shadowed(judge: _Judge) -> Iterator[PackageFinding]:
    names = {
        package.name
        for each in judge.of("python", "installed", "locked", "required")
        for package in each.packages
    }
    for package, path in judge.read.shadowing:
        if package != _SDK and package not in names:
            continue
        own = path.removesuffix("/__init__.py")
        yield PackageFinding(
            id="shadowed",
            severity="problem",
            ecosystem="python",
            title=f"{own} hides the package {package}",
            meaning=(
                f"A program that is started in this folder imports {own} in place of the package "
                f"{package}: it fails with “partially initialized module” or “has no attribute”."
            ),
            where=(path,),
            remedies=(Remedy(text=f"Rename {own}, and delete the folder __pycache__ next to it."),),
        )


def _use(judge: _Judge, use: BadUse) -> Iterator[PackageFinding]:
    lines = [each for each in judge.read.uses if each.usage == use.usage]
    lines = [each for each in lines if _is_python(each.path) == (use.ecosystem == "python")]
    if not lines:
        return
    where = [f"{each.path}:{each.line}" for each in lines]
    remedies = [Remedy(text=use.advice, url=use.url)] if use.advice else []
    if not use.versions:
        yield _use_finding(use, "problem", f"{where[0]} calls a retired API", where, remedies)
        return
    found = judge.in_use(use.ecosystem, use.package)
    severities = [_use_severity(use, each, package) for each, package in found]
    for (each, package), severity in zip(found, severities, strict=True):
        # of several environments only one may be in use, and that one may be the good one
        if severity is None or None in severities:
            continue
        title = f"{where[0]} doesn't work with {package.what}"
        others = judge.install(use.replace_by, each)
        remedies += [replace(other, or_else=bool(use.advice)) for other in others]
        yield _use_finding(use, severity, title, [*where, package.place], remedies)
        return


def _is_python(path: str) -> bool:
    return path.endswith(".py")


def _use_severity(use: BadUse, each: PackageSet, package: Package) -> Severity | None:
    bad, allowed = _range(use.versions), _allowed(package)
    if use.without and (each.state == "required" or each.find(use.without) is not None):
        return None
    if allowed is None:
        return None
    if allowed.is_within(bad):
        return "problem"
    return "warning" if package.version is None and allowed.reaches(bad) else None


def _use_finding(
    use: BadUse, severity: Severity, title: str, where: Sequence[str], remedies: Sequence[Remedy]
) -> PackageFinding:
    return PackageFinding(
        id=use.id,
        severity=severity,
        ecosystem=use.ecosystem,
        title=title,
        meaning=use.meaning,
        where=tuple(where),
        remedies=tuple(remedies),
        known=use.known,
    )


def _declared_conflicts(judge: _Judge, knowledge: PackageKnowledge) -> Iterator[PackageFinding]:
    """Yield what installed packages say of each other, as `pip check` would."""
    known = {(pair.package, pair.other) for pair in knowledge.pairs}
    for each in judge.of("python", "installed"):
        for package in each.packages:
            for name, constraint in package.needs:
                other, allowed = each.find(name), version_range(constraint)
                if other is None or other.version is None or allowed is None:
                    continue
                if version_key(other.version) is None or allowed.contains(other.version):
                    continue
                if (package.name, name) in known:
                    continue
                yield PackageFinding(
                    id="declared-conflict",
                    severity="warning",
                    ecosystem="python",
                    title=f"{package.what} needs {name} {constraint}; {other.version} is installed",
                    meaning="The two were not made for each other; imports or calls may fail.",
                    where=(package.place, other.place),
                    remedies=judge.install(((name, constraint),), each),
                )


def _differences(judge: _Judge) -> Iterator[PackageFinding]:
    """Yield where an environment and a lock file or list of requirements disagree."""
    for ecosystem in LANGUAGES:
        environments = judge.of(ecosystem, "installed")
        wanted = judge.of(ecosystem, "locked", "required")
        for environment in environments:
            for each in wanted:
                yield from _difference(judge, environment, each)
        if not environments:
            locks = judge.of(ecosystem, "locked")
            for number, one in enumerate(locks):
                for other in locks[number + 1 :]:
                    yield from _difference(judge, one, other)


def _difference(judge: _Judge, one: PackageSet, other: PackageSet) -> Iterator[PackageFinding]:
    pairs = [
        (package, wanted)
        for package in one.packages
        if (wanted := other.find(package.name)) is not None
        and not any(_agree(package, each) for each in other.packages if each.name == package.name)
    ]
    if not pairs:
        return
    words = "; ".join(f"{first.what}, not {_wanted(second)}" for first, second in pairs)
    remedies = (
        (sync_remedy(one, other, judge.read, windows=judge.windows),)
        if one.state == "installed"
        else (Remedy(text="Keep one of the two lock files, and delete the other."),)
    )
    yield PackageFinding(
        id="versions-differ",
        severity="warning",
        ecosystem=one.ecosystem,
        title=f"{one.path} and {other.path} have different versions",
        meaning=f"{one.path} has {words}.",
        where=tuple(place for pair in pairs for place in (pair[0].place, pair[1].place)),
        remedies=remedies,
    )


def _agree(package: Package, wanted: Package) -> bool:
    """Return True if the two fit, also if one cannot be read."""
    if package.version is None or version_key(package.version) is None:
        return True
    if wanted.version is not None:
        return version_key(wanted.version) == version_key(package.version)
    allowed = version_range(wanted.constraint)
    return allowed is None or allowed.contains(package.version)


def _wanted(package: Package) -> str:
    return package.version or package.constraint


def _ignored_variables(judge: _Judge, knowledge: PackageKnowledge) -> Iterator[PackageFinding]:
    """Yield the variables that are set here and that the SDK in use is too old to read."""
    for support in knowledge.variables:
        place = judge.variables.get(support.variable)
        if place is None:
            continue
        for each, package in judge.in_use(support.ecosystem, support.package):
            key, since = version_key(package.version or ""), version_key(support.since)
            if key is None or since is None or key >= since:
                continue
            newer = ((support.package, f">={support.since}"),)
            yield PackageFinding(
                id="variable-ignored",
                severity="warning",
                ecosystem=support.ecosystem,
                title=f"{package.what} ignores {support.variable}",
                meaning=(
                    f"{support.variable} is set ({place}), but openai for "
                    f"{LANGUAGES[support.ecosystem]} reads it only since {support.since}."
                ),
                where=(package.place,),
                remedies=judge.install(newer, each),
                known=support.known,
            )
