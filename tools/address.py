"""SITE_URL, the address where the site will be."""

import re

EXAMPLE = "SITE_URL=https://example.org/naltrexone/ make build"


def address_fault(address: str) -> str | None:
    """What is wrong with an address, and what to write; None where nothing is. An empty one is allowed."""
    if not address or re.fullmatch(r"https?://[A-Za-z0-9.-]+(:\d+)?(/[A-Za-z0-9._~%-]+)*/?", address):
        return None
    return (
        f"mkdocs.yml: site_url is taken from SITE_URL, which is {address!r}.\n"
        f"Expected a whole address: https://, a name, and a folder if the site is in one. Write:  {EXAMPLE}"
    )

