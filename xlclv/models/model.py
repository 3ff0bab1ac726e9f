"""What every model is: parameters that know their model, and the fit they came from."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar, Generic, Self, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from xlclv.errors import InputError
from xlclv.models.optimise import Peak, std_errors, verdict
from xlclv.terms import BoolArray, FloatArray, numbers
from xlclv.words import word


@dataclass(frozen=True, slots=True)
class Model:
    """Parameters of a model, all numbers above 0.

    Iterating gives them in their order; `len` says how many there are.

    Raises:
        InputError: A parameter is not a number above 0.
    """

    NAME: ClassVar[str]

    def __post_init__(self) -> None:
        """Refuse what no model can have."""
        for name, value in zip(self.names(), self, strict=True):
            if not (np.isfinite(value) and value > 0):
                raise InputError("parameter_not_positive", name=name, value=float(value))

    def __iter__(self) -> Iterator[float]:
        return (getattr(self, name) for name in self.names())

    def __len__(self) -> int:
        return len(self.names())

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Return the names of the parameters."""
        return cls.__match_args__

    @property
    def kind(self) -> type["Model"]:
        """Return the model whose parameters these are."""
        return type(self)

    def moved(self, values: Iterable[float]) -> Self:
        """Return the same model with other parameters."""
        return type(self)(*map(float, values))


FREE = 4  # parameters of each model of orders; what follows, a whole number, has no error
M = TypeVar("M", bound=Model)
M_co = TypeVar("M_co", bound=Model, covariant=True)


@dataclass(frozen=True, slots=True)
class Fit(Generic[M_co]):
    """A fitted model.

    Args:
        params: The estimates; their class is the model.
        std_errors: Their standard errors, shape (k,); NaN where the data do not tell.
        covariance: Of the logarithms of the parameters that have an error, shape (k, k); 0 for
            one at the edge of what is searched.
        log_likelihood: At the estimates, constants that hold no parameter left out as usual.
        n: Customers.
        converged: The peak was reached.
        verdict: What to think of it, a key of the catalogue under `models.verdict`: "sound",
            "thin", "boundary", "all_alive", "not_identified", "no_mean", "not_converged".
    """

    params: M_co
    std_errors: FloatArray
    covariance: FloatArray
    log_likelihood: float
    n: int
    converged: bool
    verdict: str

    @property
    def model(self) -> type[Model]:
        """Return the model of the parameters."""
        return self.params.kind

    @property
    def aic(self) -> float:
        """Return Akaike's criterion; of two models for the same data the smaller is better."""
        return 2 * len(self.params) - 2 * self.log_likelihood

    @property
    def remark(self) -> str:
        """Say in plain words what to think of the fit."""
        return word(f"models.verdict.{self.verdict}")


def fitted(
    params: M, peak: Peak, n: float, told: float, noted: str = "", constant: float = 0
) -> Fit[M]:
    """Return the fit whose climb ended at that peak.

    Args:
        params: The estimates.
        peak: Of the mean log-likelihood, over the logarithms of the first of them; what follows,
            a whole number that was tried out, has no error.
        n: Customers.
        told: How many of them tell something, such as those who ordered again.
        noted: What the model itself has to say of its parameters, a verdict; empty: nothing.
        constant: Added to the log-likelihood of all, for the unit of time or money.
    """
    values, free = np.array([*params]), peak.logs.size
    errors = np.full(values.size, np.nan)
    errors[:free] = std_errors(peak, values[:free])
    return Fit(
        params,
        errors,
        peak.covariance,
        peak.mean * n + constant,
        round(n),
        peak.converged,
        verdict(peak, told, noted),
    )


def joined(params: M, one: Fit[Model], other: Fit[Model], log_likelihood: float, n: int) -> Fit[M]:
    """Return the fit of a model of two parts, whose parameters with an error come first."""
    fits = (one, other)
    free = [len(fit.covariance) for fit in fits]
    covariance = np.zeros((sum(free),) * 2)
    covariance[: free[0], : free[0]] = one.covariance
    covariance[free[0] :, free[0] :] = other.covariance
    cut = [np.split(fit.std_errors, [size]) for fit, size in zip(fits, free, strict=True)]
    return Fit(
        params,
        np.concatenate([*(first for first, _ in cut), *(rest for _, rest in cut)]),
        covariance,
        log_likelihood,
        n,
        one.converged and other.converged,
        next((fit.verdict for fit in fits if fit.verdict != "sound"), "sound"),
    )


@dataclass(frozen=True, slots=True)
class OrderModel(Model, ABC):
    """Parameters of a model of orders: how often customers come and when they leave.

    A history is x (orders after the first), t_x (time from the first order to the last) and T
    (time from the first order to the day of the data). All arguments are numbers or arrays that
    broadcast; times are in the unit of the fit. `expected_orders(0, 0, 0, t)` is the
    expectation for a new customer.
    """

    @classmethod
    @abstractmethod
    def fit(
        cls,
        repeat_orders: ArrayLike,
        recency: ArrayLike,
        age: ArrayLike,
        counts: ArrayLike | None = None,
        near: Self | None = None,
    ) -> Fit[Self]:
        """Fit the model by maximum likelihood.

        Args:
            repeat_orders: x, whole, >= 0, shape (n,).
            recency: t_x, shape (n,).
            age: T, shape (n,), any unit.
            counts: Customers that each row stands for, shape (n,); left out: one.
            near: Parameters of similar data, to start from; the peak is the same without.

        Returns:
            The estimates with standard errors, log-likelihood, AIC and a verdict.

        Raises:
            InputError: A row cannot be true.
            NotEnoughData: Nobody ordered twice.
        """

    @abstractmethod
    def log_likelihood(
        self, repeat_orders: ArrayLike, recency: ArrayLike, age: ArrayLike
    ) -> FloatArray:
        """Return the log-likelihood of each customer, shape (n,)."""

    @abstractmethod
    def p_alive(self, repeat_orders: ArrayLike, recency: ArrayLike, age: ArrayLike) -> FloatArray:
        """Return the chance that each customer has not left yet, shape (n,).

        Raises:
            InputError: A row cannot be true.
        """

    @abstractmethod
    def orders_if_alive(
        self, repeat_orders: ArrayLike, age: ArrayLike, horizon: ArrayLike, stage: int = 0
    ) -> FloatArray:
        """Return the orders expected within the horizon of a customer still here, shape (n,).

        Args:
            repeat_orders: x.
            age: T.
            horizon: How far ahead, >= 0.
            stage: How far the next order has come, see `stage_chances`.
        """

    @property
    def free(self) -> int:
        """Return how many of the parameters, the first ones, have an error."""
        return FREE

    @property
    def stages(self) -> int:
        """Return through how many stages an order comes; 1 where the past gap tells nothing."""
        return 1

    def stage_chances(
        self, repeat_orders: ArrayLike, recency: ArrayLike, age: ArrayLike
    ) -> FloatArray:
        """Return the chances that the next order is in each stage, if alive, shape (stages, n)."""
        shape = np.broadcast_shapes(*map(np.shape, (repeat_orders, recency, age)))
        return np.ones((1, *shape))

    def parts_of(self, age: ArrayLike) -> Iterator[tuple["OrderModel", BoolArray]]:
        """Yield parameters and the customers they hold for, shape (n,): here one set for all.

        Args:
            age: T, shape (n,).
        """
        yield self, np.ones(np.shape(age), bool)

    @abstractmethod
    def drawn_orders(
        self,
        random: np.random.Generator,
        repeat_orders: FloatArray,
        recency: FloatArray,
        age: FloatArray,
        horizon: float,
    ) -> FloatArray:
        """Draw the orders of each customer within the horizon, shape (n,).

        Args:
            random: Source of chance.
            repeat_orders: x, shape (n,).
            recency: t_x, shape (n,).
            age: T, shape (n,).
            horizon: How far ahead.
        """

    def expected_orders(
        self, repeat_orders: ArrayLike, recency: ArrayLike, age: ArrayLike, horizon: ArrayLike
    ) -> FloatArray:
        """Return the orders expected of each customer within the horizon, shape (n,).

        Raises:
            InputError: A row cannot be true.
        """
        (ahead,) = numbers(time_ahead=horizon)
        alive = self.p_alive(repeat_orders, recency, age)
        chances = self.stage_chances(repeat_orders, recency, age)
        orders = sum(
            chance * self.orders_if_alive(repeat_orders, age, ahead, stage)
            for stage, chance in enumerate(chances)
        )
        return np.asarray(alive * orders, float)
