"""How sure k of n can be."""

from __future__ import annotations

from math import sqrt

Z95 = 1.959963984540054  # the normal distribution's 97.5 % point


def wilson(k: int, n: int) -> tuple[float, float]:
    """The 95 % Wilson score interval of k of n, to show: in four digits."""
    low, high = unrounded(k, n)
    return round(low, 4), round(high, 4)


def unrounded(k: int, n: int) -> tuple[float, float]:
    """The same to compare with, (0, 1) when nothing was counted (E. B. Wilson, JASA 22, 1927)."""
    if n == 0:
        return 0.0, 1.0
    share, spread = k / n, Z95 * Z95 / n
    middle = share + spread / 2
    width = Z95 * sqrt(share * (1 - share) / n + spread / n / 4)
    low, high = (middle - width) / (1 + spread), (middle + width) / (1 + spread)
    return (0.0 if k == 0 else low), (1.0 if k == n else high)
