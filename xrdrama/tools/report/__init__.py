"""The report of a take: one page that needs no other file.

- `content`: the values that it shows; `counts`: what each count means.
- `writing`: gathers them from the take, its videos, the run and the proofs, and writes the page.
- `page`: values to HTML, with the template `page.html` and the styles `page.css`.
"""
