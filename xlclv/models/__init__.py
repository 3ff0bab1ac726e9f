"""Predictive customer lifetime value: how often, how long and for how much customers will order.

Order logs: `bgnbd` (the usual choice), `mbgnbd`, `pareto_nbd`, `bgbb` for the number of orders,
`gamma_gamma` for the money per order, `forecast` for both together. Subscriptions: `sbg`.
Closed sums from averages: `closed`. Each `fit` returns an `optimise.Fit`; predictions are
functions of its `params`. Times are in any unit as long as it is the same throughout.
"""
