"""Models of orders that are made of two: one for some customers, or both for each.

Parameters may differ between customers (`Cohorts`: who came for one promotion, or was an old
customer when the log began, is unlike the rest), or the data may not say which model holds
(`Blend`). Both are models of orders as any other, so that whatever forecasts takes them too.
"""

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from xlclv.models.model import Fit, Model, OrderModel, joined
from xlclv.terms import BoolArray, FloatArray


@dataclass(frozen=True, slots=True)
class TwoParts(OrderModel):
    """Parameters of two models."""

    def __post_init__(self) -> None:
        """Leave the check to the parts."""

    @property
    @abstractmethod
    def parts(self) -> tuple[OrderModel, OrderModel]:
        """Return both models, the main one first."""

    @abstractmethod
    def of(self, one: OrderModel, other: OrderModel) -> Self:
        """Return the same with other parts."""

    @property
    def kind(self) -> type[Model]:
        """Return the main model."""
        return self.parts[0].kind

    @property
    def free(self) -> int:
        """Return how many of the parameters, the first ones, have an error."""
        return sum(part.free for part in self.parts)

    def __iter__(self) -> Iterator[float]:
        """Give the parameters that have an error first."""
        each = [([*part], part.free) for part in self.parts]
        first, rest = (
            (values[:free] for values, free in each),
            (values[free:] for values, free in each),
        )
        return chain(*first, *rest)

    def __len__(self) -> int:
        return sum(map(len, self.parts))

    def moved(self, values: Iterable[float]) -> Self:
        """Return the same models with other parameters."""
        given, (one, other) = [*values], self.parts
        first, second = given[: one.free], given[one.free : self.free]
        rest = self.free + len(one) - one.free
        return self.of(
            one.moved([*first, *given[self.free : rest]]), other.moved([*second, *given[rest:]])
        )

    @classmethod
    def fit(
        cls,
        repeat_orders: ArrayLike,
        recency: ArrayLike,
        age: ArrayLike,
        counts: ArrayLike | None = None,
        near: Self | None = None,
    ) -> Fit[Self]:
        """Refuse: the parts are fitted by themselves, see `trust.strangers` and `blended`."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Cohorts(TwoParts):
    """Parameters of customers who came in some days, and of all others.

    Which hold for a customer is told by T, the time since the first order.

    Args:
        inside: Of customers of age >= youngest and < oldest.
        outside: Of all others; of new customers too, unless youngest is 0.
        youngest: Time since the first order, in the unit of age.
        oldest: The same.

    >>> from xlclv.models.beta_geometric import MbgNbd
    >>> crowd, rest = MbgNbd(0.5, 400, 3, 1), MbgNbd(1.2, 60, 0.8, 4)
    >>> seen = Cohorts(crowd, rest, 90, 120)
    >>> seen.p_alive([0, 0], [0, 0], [100, 130]).round(2)
    array([0.23, 0.56])
    """

    NAME = "cohorts"

    inside: OrderModel
    outside: OrderModel
    youngest: float
    oldest: float

    @property
    def parts(self) -> tuple[OrderModel, OrderModel]:
        """Return both sets of parameters, those of most customers first."""
        return self.outside, self.inside

    def of(self, one: OrderModel, other: OrderModel) -> Self:
        """Return the same with other parameters."""
        return type(self)(other, one, self.youngest, self.oldest)

    @property
    def stages(self) -> int:
        """Return the stages of the part that has more."""
        return max(part.stages for part in self.parts)

    def _each(
        self, call: Callable[[OrderModel], Callable[..., FloatArray]], age: int, *columns: ArrayLike
    ) -> FloatArray:
        """Ask the part of each customer; `age` is the place of T among the columns."""
        arrays = np.broadcast_arrays(*(np.asarray(column, float) for column in columns))
        result = np.zeros(arrays[0].shape)
        for part, mine in self.parts_of(arrays[age]):
            if mine.any():
                result[mine] = call(part)(*(array[mine] for array in arrays))
        return result

    def parts_of(self, age: ArrayLike) -> Iterator[tuple[OrderModel, BoolArray]]:
        """Yield each part and the customers it holds for, shape (n,)."""
        since = np.asarray(age, float)
        inside = (since >= self.youngest) & (since < self.oldest)
        yield self.inside, inside
        yield self.outside, ~inside

    def log_likelihood(
        self, repeat_orders: ArrayLike, recency: ArrayLike, age: ArrayLike
    ) -> FloatArray:
        """Return the log-likelihood of each customer, shape (n,)."""
        return self._each(lambda part: part.log_likelihood, 2, repeat_orders, recency, age)

    def p_alive(self, repeat_orders: ArrayLike, recency: ArrayLike, age: ArrayLike) -> FloatArray:
        """Return the chance that each customer has not left yet, shape (n,)."""
        return self._each(lambda part: part.p_alive, 2, repeat_orders, recency, age)

    def stage_chances(
        self, repeat_orders: ArrayLike, recency: ArrayLike, age: ArrayLike
    ) -> FloatArray:
        """Return the chances that the next order is in each stage, if alive, shape (stages, n)."""
        columns = np.broadcast_arrays(
            *(np.asarray(c, float) for c in (repeat_orders, recency, age))
        )
        chances = np.zeros((self.stages, *columns[0].shape))
        for part, mine in self.parts_of(columns[2]):
            chances[: part.stages, mine] = part.stage_chances(*(each[mine] for each in columns))
        return chances

    def orders_if_alive(
        self, repeat_orders: ArrayLike, age: ArrayLike, horizon: ArrayLike, stage: int = 0
    ) -> FloatArray:
        """Return the orders expected within the horizon of a customer still here, shape (n,)."""

        def of(part: OrderModel) -> Callable[..., FloatArray]:
            def asked(x: FloatArray, since: FloatArray, ahead: FloatArray) -> FloatArray:
                if stage >= part.stages:
                    return np.zeros(x.shape)
                return part.orders_if_alive(x, since, ahead, stage)

            return asked

        return self._each(of, 1, repeat_orders, age, horizon)

    def drawn_orders(
        self,
        random: np.random.Generator,
        repeat_orders: FloatArray,
        recency: FloatArray,
        age: FloatArray,
        horizon: float,
    ) -> FloatArray:
        """Draw the orders of each customer within the horizon, shape (n,)."""

        def of(part: OrderModel) -> Callable[..., FloatArray]:
            return lambda x, last, since: part.drawn_orders(random, x, last, since, horizon)

        return self._each(of, 2, repeat_orders, recency, age)


@dataclass(frozen=True, slots=True)
class Blend(TwoParts):
    """Parameters of two models, whose expectations are averaged.

    Of a customer either one or the other holds, with even chances before anything was seen. The
    stages of the first come before those of the second: the chance of a stage says too which
    model the customer is still here by.

    Args:
        one: Of the first.
        other: Of the second.

    >>> from xlclv.models.beta_geometric import BgNbd, MbgNbd
    >>> each = BgNbd(1, 60, 0.8, 4), MbgNbd(1, 60, 0.8, 4)
    >>> blend = Blend(*each)
    >>> mean = sum(float(model.expected_orders(2, 50, 90, 365)) for model in each) / 2
    >>> round(float(blend.expected_orders(2, 50, 90, 365)) / mean, 12)
    1.0
    """

    NAME = "blend"

    one: OrderModel
    other: OrderModel

    @property
    def parts(self) -> tuple[OrderModel, OrderModel]:
        """Return both models."""
        return self.one, self.other

    def of(self, one: OrderModel, other: OrderModel) -> Self:
        """Return the same with other models."""
        return type(self)(one, other)

    @property
    def stages(self) -> int:
        """Return the stages of both."""
        return sum(part.stages for part in self.parts)

    def log_likelihood(
        self, repeat_orders: ArrayLike, recency: ArrayLike, age: ArrayLike
    ) -> FloatArray:
        """Return the log-likelihood of each customer, shape (n,)."""
        each = [part.log_likelihood(repeat_orders, recency, age) for part in self.parts]
        return np.asarray(np.logaddexp(*each) - np.log(2), float)

    def p_alive(self, repeat_orders: ArrayLike, recency: ArrayLike, age: ArrayLike) -> FloatArray:
        """Return the chance that each customer has not left yet, shape (n,)."""
        each = [part.p_alive(repeat_orders, recency, age) for part in self.parts]
        return np.asarray(sum(each) / 2, float)

    def stage_chances(
        self, repeat_orders: ArrayLike, recency: ArrayLike, age: ArrayLike
    ) -> FloatArray:
        """Return the chances of model and stage, if alive, shape (stages, n)."""
        history = repeat_orders, recency, age
        chances = np.concatenate(
            [part.p_alive(*history) * part.stage_chances(*history) for part in self.parts]
        )
        alive = chances.sum(axis=0)
        return np.asarray(np.where(alive > 0, chances / np.where(alive > 0, alive, 1), 0), float)

    def orders_if_alive(
        self, repeat_orders: ArrayLike, age: ArrayLike, horizon: ArrayLike, stage: int = 0
    ) -> FloatArray:
        """Return the orders expected within the horizon of a customer still here, shape (n,)."""
        if stage < self.one.stages:
            return self.one.orders_if_alive(repeat_orders, age, horizon, stage)
        return self.other.orders_if_alive(repeat_orders, age, horizon, stage - self.one.stages)

    def drawn_orders(
        self,
        random: np.random.Generator,
        repeat_orders: FloatArray,
        recency: FloatArray,
        age: FloatArray,
        horizon: float,
    ) -> FloatArray:
        """Draw the orders of each customer within the horizon, shape (n,)."""
        history = repeat_orders, recency, age
        first = random.random(repeat_orders.size) < 0.5  # noqa: PLR2004 - even chances
        each = [part.drawn_orders(random, *history, horizon) for part in self.parts]
        return np.where(first, *each)


def blended(one: Fit[OrderModel], other: Fit[OrderModel]) -> Fit[OrderModel]:
    """Return the mean of two fits of the same customers; they are told to be as sure as the first.

    Args:
        one: The likelier.
        other: The other.
    """
    return joined(Blend(one.params, other.params), one, other, one.log_likelihood, one.n)
