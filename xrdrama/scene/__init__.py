"""Virtual sets: what a scene file says, how its cues move, how it is compiled for renderers.

    scene, problems = parse_scene(text, "scenes/lantern_street/scene.yaml")
    value = value_at(move, start_value, elapsed_ns)          # a cue at a moment
    compiled = compile_scene(scene, files)                   # one GLB and one scene.json

- `scene`: the values of a scene: params, cues, looks, places, lights, environment, models.
- `parse`: scene.yaml to a `Scene`, with every problem at its place; the JSON Schema for editors.
- `cues`: the value of a param as a pure function of the time since its cue began.
- `compile`: a scene and its models to the two files that every renderer loads.
- `compiled`: the second of these, as values; refuses other versions by name.
- `glb`, `meshes`: reading and writing GLB (bounds-checked), and the meshes in it.
- `sky`: the sky of `look.glsl` once more in numpy, its spherical harmonics and reflections.
- `particles`: snow, motes, sparks and sky lanterns as quads with seeds.

To add a param: name it under `params`, bind it (`scaled_by`, `glow_by`, `fade_by`, `amount_by`,
`turn_by` ...), move it in a cue. No code.
"""
