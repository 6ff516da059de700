"""What measures hold, each exactly by definition.

The US ones are those of NIST Handbook 44, appendix C: a pound is 453.59237 g, a gallon 231 cubic inches of
2.54 cm. A metric cup is 250 ml.
"""

GRAMS_PER_OUNCE = 28.349523125
GRAMS_PER_POUND = 453.59237

ML_PER_TEASPOON = 4.92892159375
ML_PER_TABLESPOON = 14.78676478125
ML_PER_FLUID_OUNCE = 29.5735295625
ML_PER_US_CUP = 236.5882365
ML_PER_US_PINT = 473.176473
ML_PER_US_QUART = 946.352946
ML_PER_METRIC_CUP = 250.0
