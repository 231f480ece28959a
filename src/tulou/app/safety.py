"""Work safety of a city, opened at a place on both clocks: graded risks, credit of enterprises, certificates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from tulou.app.wiring import RULEBOOKS, last_day, open_city
from tulou.kernel.errors import BadInput, BadUse
from tulou.model.state import State
from tulou.operations.safety.adapters.colouring import GradedRisk, UnitColour, graded_risk, unit_colours
from tulou.operations.safety.adapters.credit_rules import CreditRules, read_credit_rules
from tulou.operations.safety.adapters.facts import (
    Enterprise,
    certificates_of,
    enterprises_of,
    records_of,
    risks_of,
)
from tulou.operations.safety.adapters.grading_rules import Methods, read_methods
from tulou.operations.safety.adapters.training_rules import TrainingRules, read_training_rules
from tulou.operations.safety.domain.credit import Credit, Record, ahead, credit_of
from tulou.operations.safety.domain.credit_code import is_natural_person, whole_code
from tulou.operations.safety.domain.training import Due, due_list

NO_ENTERPRISE = "no enterprise of this code is on record"
NATURAL_PERSON = "a household business is a natural person and has no grade"


@dataclass(eq=False)
class Safety:
    """Work safety of one city at one place on both clocks.

    Args:
        state: The city as it was, as far as it was known.
        methods: Methods of grading.
        credit_rules: Schemes of credit.
        training_rules: Kinds of certificates.
    """

    state: State
    methods: Methods
    credit_rules: CreditRules
    training_rules: TrainingRules

    @property
    def day(self) -> date:
        """The day it is looked at."""
        return self.state.moment.valid

    @cached_property
    def enterprises(self) -> dict[str, Enterprise]:
        """Enterprises by credit code."""
        return enterprises_of(self.state)

    @cached_property
    def records(self) -> dict[str, list[Record]]:
        """Records by credit code."""
        return records_of(self.state)

    @cached_property
    def risks(self) -> list[GradedRisk]:
        """All risks with their grades."""
        return [graded_risk(one, self.methods, self.day) for one in risks_of(self.state)]

    def enterprise(self, code: str) -> Enterprise:
        """An enterprise.

        Raises:
            BadUse: When the code is not whole, or nobody of that code is on record.
        """
        try:
            whole = whole_code(code, "ENTERPRISE")
        except BadInput as error:
            raise BadUse.of(error.faults) from None
        if whole not in self.enterprises:
            raise BadUse(NO_ENTERPRISE, where="ENTERPRISE", found=code, allowed=tuple(self.enterprises))
        return self.enterprises[whole]

    def credit(self, code: str, scheme: str = "") -> Credit:
        """The grade of an enterprise, with what it rests on.

        Raises:
            BadUse: When it is none, or a household business.
        """
        firm = self.enterprise(code)
        if is_natural_person(firm.code):
            raise BadUse(
                NATURAL_PERSON, where="ENTERPRISE", found=code, allowed=("a code that does not begin with 92",)
            )
        held, repair = self.credit_rules.on(scheme, self.day)
        return credit_of(firm.start, self.records.get(firm.code, []), held, repair, self.day)

    def ahead(self, code: str, scheme: str = "") -> list[tuple[date, str, str]]:
        """When the grade of an enterprise changes by itself."""
        firm = self.enterprise(code)
        held, repair = self.credit_rules.on(scheme, self.day)
        return ahead(firm.start, self.records.get(firm.code, []), held, repair, self.day)

    def credits(self, scheme: str = "") -> dict[str, Credit]:
        """Grades of all legal entities by credit code; household businesses have none."""
        return {code: self.credit(code, scheme) for code in self.enterprises if not is_natural_person(code)}

    def due(self, soon: int | None = None) -> list[Due]:
        """Certificates, what presses most first."""
        days = self.training_rules.soon if soon is None else soon
        return due_list(certificates_of(self.state), self.training_rules.kinds, self.day, soon=days)

    def units(self, entity: str) -> list[UnitColour]:
        """The units of a level, each with the colour of its risks.

        Args:
            entity: ``community``, ``block`` or ``district``.
        """
        is_whole = "*" in self.state.rows("risk_point").complete
        return unit_colours(self.state.rows(entity), self.risks, is_whole=is_whole)


def open_safety(
    city: Path, day: date | None = None, record: str | None = None, names: Sequence[str] = RULEBOOKS
) -> Safety:
    """Open work safety of a city.

    Args:
        city: Folder of the city.
        day: Day in the world; the newest day known by default.
        record: Commit, tag or moment; everything known by default.
        names: Rulebooks.

    Raises:
        BadInput: When there is no city, or rules cannot be read.
    """
    opened = open_city(city)
    state = opened.state(valid=day or last_day(opened), record=record)
    rules = list(names)
    return Safety(state, read_methods(rules), read_credit_rules(rules), read_training_rules(rules))
