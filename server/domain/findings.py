"""Collects problems while a draft is built; variants with the same fault become one problem, not three hundred."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from server.domain.facts import VariantFacts
from server.domain.problems import Problem, Severity
from server.domain.remedies import Remedy, remedy_of

_NAMED = 3


@dataclass(slots=True)
class Findings:
    """Problems in the order in which they were found. A remedy that is not given follows from the code."""

    problems: list[Problem] = field(default_factory=list)

    def error(self, code: str, path: Iterable[str], message: str, remedy: Remedy | None = None) -> None:
        """It keeps the product from being listed."""
        self.problems.append(Problem(code, tuple(path), message, Severity.ERROR, remedy or remedy_of(code)))

    def warning(self, code: str, path: Iterable[str], message: str, remedy: Remedy | None = None) -> None:
        """It is told and does not block."""
        self.problems.append(Problem(code, tuple(path), message, Severity.WARNING, remedy or remedy_of(code)))

    def extend(self, problems: Iterable[Problem]) -> None:
        """Take over what was found elsewhere."""
        self.problems.extend(problems)

    @property
    def has_error(self) -> bool:
        """Whether anything blocks."""
        return any(problem.severity is Severity.ERROR for problem in self.problems)

    @property
    def errors(self) -> list[Problem]:
        """What blocks."""
        return [problem for problem in self.problems if problem.severity is Severity.ERROR]

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What only is told."""
        return tuple(problem for problem in self.problems if problem.severity is Severity.WARNING)


@dataclass(slots=True)
class VariantFault:
    """One kind of fault over many variants. ``path`` ends on the first of them: ``("variants", "3", "price")``."""

    name: str
    positions: list[int] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def at(self, variant: VariantFacts) -> None:
        """Note a variant that has it."""
        self.positions.append(variant.position)
        if len(self.names) < _NAMED:
            self.names.append(variant.title)

    def problem(self, code: str, message: str, remedy: Remedy | None = None) -> Problem | None:
        """All of them as one; nothing when no variant has it. ``{variants}`` in the message names them."""
        if not self.positions:
            return None
        more = len(self.positions) - len(self.names)
        named = ", ".join(f"“{name}”" for name in self.names) + (f" and {more} more" if more else "")
        path = ("variants", str(self.positions[0]), self.name)
        told = message.replace("{variants}", named)
        return Problem(code, path, told, Severity.ERROR, remedy or remedy_of(code))

    def error(self, found: Findings, code: str, message: str, remedy: Remedy | None = None) -> None:
        """Note the fault as blocking."""
        if problem := self.problem(code, message, remedy):
            found.problems.append(problem)

    def warning(self, found: Findings, code: str, message: str, remedy: Remedy | None = None) -> None:
        """Note the fault as not blocking."""
        if problem := self.problem(code, message, remedy):
            found.problems.append(replace(problem, severity=Severity.WARNING))
