# title: The Night Ferry
VAR trust = 1
VAR name = "Wen"
-> pier

=== pier ===
BOATMAN: One seat. {Decide|Decide now|The last time: decide}.
Behind you the market puts its lamps out.
* [I am coming] -> river
* {trust > 0} [Ask his name]
  ~ trust = trust + 1
  BOATMAN: {name}. You are {trust > 1:bold|shy}.
  ** Thank you[.], {name}.
  ** [Say nothing]
  -- BOATMAN: Well?
+ [Wait]
  A bell. # speaker: Bell
- -> waiting ->
-> pier

=== waiting ===
{ waiting > 1:
  BOATMAN: The water does not wait.
- else:
  BOATMAN: The water waits once.
}
->->

=== river ===
BOATMAN: Sit. {trust > 1: It is a short night, my friend.}
-> END
