"""`xrdrama author DIR --preview`: redraws the still of a beat whenever a branch file is saved.

- `beats`: which beat is drawn, and how its set looks at the end of its script.
- `stills`: the renderer, which stays warm between two pictures.
- `preview`: watches the files, checks what was saved, writes the picture and its page.
"""
