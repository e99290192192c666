"""How fast products are listed on a sandbox that answers at once, what it costs, and whether memory stays the same.

Run it by itself: ``python -m benchmarks.listing [--products N] [--workers N]``. It starts a stack of its own (servers,
sandbox, API, workers), and prints one ``name value`` per line. ``ratio_to_sandbox`` is the listing's pace in that of a
bare loop of signed calls (fetch, upload, create) over the same HTTP client, which touches no database and looks into
no picture; it runs alone, in one process, once our workers have stopped.
"""

import argparse
import os

from benchmarks.listed import calls, listed


def main() -> None:
    """One listing, told."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--products", type=int, default=2_000)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    before = os.getloadavg()[0]
    found = listed(products=asked.products, workers=asked.workers)
    half, end = found.peaks
    told = {
        "products": float(found.items),
        "workers": float(asked.workers),
        "load_before": before,
        **calls(found),
        "seconds": found.seconds,
        "products_per_second": found.per_second,
        "cpu_ms_per_product": found.cpu_ms("workers"),
        **{f"{name}_cpu_ms_per_product": found.cpu_ms(name) for name in found.cpu if name != "workers"},
        "peak_mb_at_half": half,
        "peak_mb": end,
        "sandbox_products_per_second": found.plain_per_second,
        "bare_cpu_ms_per_product": found.plain_cpu / found.plain_items * 1e3,
        "ratio_to_sandbox": found.per_second / found.plain_per_second,
    }
    for name, value in told.items():
        print(name, f"{value:.3f}" if abs(value) < 100 else f"{value:.0f}")


if __name__ == "__main__":
    main()
