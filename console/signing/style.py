"""How the pages of a sign-in look: one style sheet of our own, which the content policy takes from no other place."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console.door import HEADERS

ADDRESS: Final = "/style.css"
# Text on paper and on a button has a contrast of 4.5 or more, in both schemes (WCAG 2.2, 1.4.3); a target is 44 px
# high (2.5.5), and whatever holds the focus of the keyboard has a line around it (2.4.7, 1.4.11).
STYLE: Final = """\
:root { color-scheme: light dark; --line: #d5d9e0; --soft: #f4f6f9; --ink: #1c2430; --dim: #5b6675; --paper: #fff;
  --act: #1f4fbf; --on: #fff }
@media (prefers-color-scheme: dark) { :root { --line: #3a4250; --soft: #20262f; --ink: #e6e9ee; --dim: #9aa5b4;
  --paper: #15191f; --act: #9dbcff; --on: #10141a } }
* { box-sizing: border-box }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--soft); margin: 0; padding: 1rem }
main { max-width: 32rem; margin: 8vh auto; padding: 1.5rem; background: var(--paper); border: 1px solid var(--line);
  border-radius: .75rem; overflow-wrap: anywhere }
main::before { content: "Assent"; color: var(--dim); font-weight: 600 }
h1 { font-size: 1.375rem; line-height: 1.25; margin: .5rem 0 1rem }
p { margin: 0 0 1rem }
ul { list-style: none; margin: 0; padding: 0 }
li, form { margin: .5rem 0 0 }
a { color: var(--act) }
li a, button { display: block; width: 100%; min-height: 2.75rem; padding: .625rem 1rem; font: inherit; font-weight: 600;
  text-align: center; text-decoration: none; cursor: pointer; border: 1px solid var(--act); border-radius: .5rem;
  color: var(--act); background: none }
button.act { color: var(--on); background: var(--act) }
a:focus-visible, button:focus-visible { outline: 3px solid var(--act); outline-offset: 2px }
.code { font: 600 1.125rem/1.5 ui-monospace, monospace; padding: .75rem; background: var(--soft);
  border: 1px solid var(--line); border-radius: .5rem; user-select: all }
"""


async def _sheet(_request: Request) -> Response:
    return Response(STYLE, 200, dict(HEADERS), media_type="text/css")


SHEET: Final = Route(ADDRESS, _sheet)
