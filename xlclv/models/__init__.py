"""Predictive customer lifetime value: how often, how long and for how much customers will order.

Each model is a class whose instances are its parameters: `BgNbd` (the usual choice) and `MbgNbd`
in `beta_geometric`, `pareto_nbd.ParetoNbd` and, for fixed occasions, `bgbb.BgBb` for the number of
orders; `gamma_gamma.GammaGamma` for the money per order; `sbg.ShiftedBetaGeometric` for
subscriptions. Its `fit` returns a `model.Fit`, whose `params` predict. `forecast` puts orders and
money together. Times are in any unit as long as it is the same throughout.
"""
