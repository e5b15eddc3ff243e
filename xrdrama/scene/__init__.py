"""Virtual sets: parse a scene file, compute its cues, compile it for renderers.

    scene, problems = parse_scene(text, "scenes/lantern_street/scene.yaml")
    value = value_at(move, start_value, elapsed_ns)          # the value of a param during a cue
    compiled = compile_scene(scene, files)                   # one GLB and one scene.json

- `form`: the keys of scene.yaml and their types; `written`: the values as written.
- `parse`: scene.yaml to a `Scene`, each problem with its position; the JSON Schema for editors.
- `model`: the values of a scene: params, cues, looks, places, lights, environment, models.
- `cues`: the value of a param as a pure function of the time since its cue began.
- `compiling`: a scene and its models to the two files that every renderer loads.
- `compiled`: the values of scene.json; other versions are rejected.

To add a param: name it under `params`, bind it (`scaled_by`, `glow_by`, `fade_by`, `amount_by`,
`turn_by` ...), move it in a cue. No code.
"""
