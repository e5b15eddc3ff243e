"""Virtual sets: what a scene file says, how its cues move, how it is compiled for renderers.

    scene, problems = parse_scene(text, "scenes/lantern_street/scene.yaml")
    value = value_at(move, start_value, elapsed_ns)          # a cue at a moment
    compiled = compile_scene(scene, files)                   # one GLB and one scene.json

- `form`: what scene.yaml may say: its keys and their shapes; `written`: the values as written.
- `parse`: scene.yaml to a `Scene`, with every problem at its place; the JSON Schema for editors.
- `model`: the values of a scene: params, cues, looks, places, lights, environment, models.
- `cues`: the value of a param as a pure function of the time since its cue began.
- `compiling`: a scene and its models to the two files that every renderer loads.
- `compiled`: the second of these, as values; other versions are rejected by name.

To add a param: name it under `params`, bind it (`scaled_by`, `glow_by`, `fade_by`, `amount_by`,
`turn_by` ...), move it in a cue. No code.
"""
