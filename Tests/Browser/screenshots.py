"""Pictures of every page in every setting, to be looked at: `make screenshots`.

    screenshots.py URL FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

from browser import launch
from site_pages import pages

SETTINGS = {
    "390-zh": {"viewport": {"width": 390, "height": 844}, "locale": "zh-CN"},
    "390-en": {"viewport": {"width": 390, "height": 844}, "locale": "en-GB"},
    "390-care": {"viewport": {"width": 390, "height": 844}, "locale": "zh-CN", "reading": "care"},
    "390-dark": {"viewport": {"width": 390, "height": 844}, "locale": "zh-CN", "color_scheme": "dark"},
    "320-care-largest": {"viewport": {"width": 320, "height": 640}, "locale": "zh-CN", "reading": "care-largest"},
    "1280-zh": {"viewport": {"width": 1280, "height": 900}, "locale": "zh-CN"},
    "1280-en": {"viewport": {"width": 1280, "height": 900}, "locale": "en-GB"},
}


def main() -> None:
    url, folder = sys.argv[1].rstrip("/"), Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    paths = pages(url)
    with launch() as browser:
        for name, options in SETTINGS.items():
            options = dict(options)
            reading = options.pop("reading", "usual")
            context = browser.new_context(**options)  # type: ignore[arg-type]
            page = context.new_page()
            page.goto(f"{url}/?reading={reading}")
            for path in paths:
                page.goto(url + path, wait_until="networkidle")
                file = f"{path.strip('/').replace('/', '_')[:60] or 'home'}.{name}.png"
                page.screenshot(path=folder / file, full_page=True)
            context.close()
            print(f"{name}: {len(paths)} pages")


if __name__ == "__main__":
    main()
