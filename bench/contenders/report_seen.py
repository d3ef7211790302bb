"""Opens pages of a site in Chromium, each with an empty cache; arguments: site, pages."""

from __future__ import annotations

import shutil
import statistics
import threading
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from bench.probe import Probe, run
from warehouse.serve import serving

VIEWS = 5
EXPLORER = "explorer/"
_PAINTED = """
async () => {
    const now = performance.now();
    for (;;) {
        const [load] = performance.getEntriesByType('navigation');
        const [paint] = performance.getEntriesByName('first-contentful-paint');
        if (paint && load.loadEventEnd) return [paint.startTime, load.loadEventEnd, now];
        await new Promise(done => setTimeout(done, 1));
    }
}
"""
_FILLED = "html[data-ready=yes]"


def work(probe: Probe, arguments: list[str]) -> None:
    """Milliseconds from the start of the navigation, median of some views."""
    site, *pages = arguments
    with serving(Path(site), 0) as server, sync_playwright() as playwright:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        base = f"http://127.0.0.1:{server.server_port}/"
        _seen(browser, base, pages[0])  # Chromium itself has to wake up
        with probe.time("views"):
            for page in pages:
                views = [_seen(browser, base, page) for _ in range(VIEWS)]
                painted, loaded = (statistics.median(column) for column in zip(*views, strict=True))
                probe.facts[page] = {"painted_ms": round(painted), "loaded_ms": round(loaded)}
        browser.close()
        server.shutdown()


def _seen(browser: Browser, base: str, name: str) -> tuple[float, float]:
    """When a reader without anything in the cache saw something, and all of it."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(base + name)
    if name.startswith(EXPLORER):
        page.locator(_FILLED).wait_for(state="attached")
    painted, loaded, now = page.evaluate(_PAINTED)
    context.close()
    return painted, max(painted, now if name.startswith(EXPLORER) else loaded)


if __name__ == "__main__":
    run(work)
