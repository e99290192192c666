"""The data both halves of the sandbox stand on: category trees, their rules, brands and the built-in store.

Everything under `data/` was written for this project; the brands are invented. Ids are made up, but for the hazardous
goods set and the sample ids of TikTok fact sheet 3.9.
"""
