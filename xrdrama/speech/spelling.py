"""How is an English word of regular spelling said? Letter-to-sound rules, first match wins.

A line is `before_ letters _after  PHONES`; the contexts may be missing, and `-` is silence.
In a context V is a vowel letter (y too), C a consonant letter, @ "a vowel letter somewhere
before", ^ and $ the word's ends; the rest is a regular expression. Rules of a letter are tried
from top to bottom, and what they spell is then skipped.

The rules were written for this project. They need not be perfect: what a recogniser wrote and
what an author wrote go through the same ones, so a regular error cancels out.
"""

from __future__ import annotations

import re
from functools import cache

RULES = """
a
    ^_ a _$                     AH
    aigh                        EY
    augh _t                     AO
    augh                        AE F
    ^_ a _w[aeo]                AH
    au                          AO
    aw                          AO
    air                         EH R
    ai                          EY
    ay                          EY
    aa                          AA
    ah _$                       AA
    ae                          IY
    (w|wh|qu)_ ar _(C|$)        AO R
    @C_ ar _(ly)?$              ER
    @C_ a _bl[ey]$              AH
    are _$                      EH R
    @C_ ard _$                  ER D
    ^_ arr                      AH R
    arr _V                      EH R
    ^_ ar _[aeiou][^r]          EH R
    @_ ary _$                   EH R IY
    ar _[aio]                   EH R
    ar _ent                     EH R
    ar                          AA R
    al _[fv]e?$                 AE
    alk                         AO K
    alm                         AA M
    ^_ al _(c|d|m|r|s|t|w)[aeorsw] AO L
    all _(er|en|est)$           AO L
    all _[eioy]                 AE L
    all                         AO L
    al _[tds]                   AO L
    @C_ al _(ly)?$              AH L
    @V_ al _$                   AH L
    @C_ ance _$                 AH N S
    @C_ ant _(ly)?$             AH N T
    @C_ an _$                   AH N
    @[iu]_ an _                 AH N
    @C_ age _$                  IH JH
    @i_ age _$                  IH JH
    a _(nge|nger|ngel|the)      EY
    a _ste(s|d|ful)?$           EY
    a _que?$                    AE
    a _C(e|es)$                 EY
    a _C(r|l)e$                 EY
    a _C(ia|io|iu)              EY
    a _tu?re                    EY
    a _tur                      AE
    ^C*_ a _Cy$                 EY
    ^C*_ a _[bcdgkpstvz]er      EY
    ^C*_ a _[bvz]or             EY
    ^C*_ a _Co$                 EY
    ^_ a _sk                    AE
    ^_ a _C[lr]V                AH
    ^_ a _([bcflnpst])\\1[aeiou] AH
    ^_ a _CV                    AH
    (w|wh|qu)_ a _(nt|nd|sh|st|sp|tch|t|s|d|l|b|n|r) AA
    @C_ ac _[ey]                AH S
    a _$                        AH
    a                           AE
b
    bb                          B
    m_ b _$                     -
    b _t$                       -
    b                           B
c
    ch _[rn]                    K
    ^_ ch _(l|n)                K
    s_ ch _(oo|em|ed)           K
    @_ che _$                   CH
    ch                          CH
    cc _[eiy]                   K S
    cc                          K
    ck                          K
    ^s_ ci _en                  S AY
    ci _(a|o|ent|enc)           SH
    cq                          K
    s_ c _[eiy]                 -
    c _[eiy]                    S
    cz                          CH
    c                           K
d
    dg _e                       JH
    dj                          JH
    dd                          D
    n_ d _(som|kerch)           -
    @_ d _u(al|at|ca)           JH
    d                           D
e
    ^C*_ e _$                   IY
    eigh _t$                    EY
    eigh                        EY
    ^_ e _y                     AY
    earth                       ER TH
    h_ ear _t                   AA R
    ear _C                      ER
    ear                         IH R
    eau                         OW
    ea _(d|dy|dth|lth|lthy|then|ther|sure|sant|th)$ EH
    ea _(v(y|en)|pon|lous)      EH
    ea                          IY
    eer                         IH R
    ee                          IY
    eir                         EH R
    c_ ei                       IY
    ei _(gn|n|l)                EY
    ei                          IY
    ey _$                       IY
    ey                          EY
    eur                         ER
    eu                          UW
    [jlr]_ ew                   UW
    ew                          Y UW
    ^C*_ ere _$                 IH R
    er _[aeiou]C*e$             ER
    err _V                      EH R
    er _(i[aoe]|o$)             IH R
    er _[iy]                    EH R
    @_ er _a                    ER
    er                          ER
    @C_ ed _$                   D
    @C_ el _$                   AH L
    @C_ en _(ed|t|ce|d|s)?$     AH N
    @C_ ence _$                 AH N S
    @C_ ent _(ly|s)?$           AH N T
    @C_ et _s?$                 AH T
    @_ e _$                     -
    @C_ e _(ment|ful|less|ness|ly)$-
    ^_ e _(f[ei]|v[aoe][lndrk])  IH
    ^_ ex _[aeiou]              IH G Z
    ^_ exc _[eiy]               IH K S
    ^_ ex _[cpt]                IH K S
    ^_ e _(n[jg]|mb|mp|qu|l[ei]|r[ai]) IH
    e _C(e)$                    IY
    e _(io|ia|iu|ei)            IY
    e _C(ia|io|iu)              IY
    ^C*_ e _[cqt]ent            IY
    ^(b|d|r|pr)_ e _(C|st|sp|sc|tr|pl|cl|fl|fr|gr)[aeiou] IH
    ^C*_ e _C?[oaiu]$           IY
    ^C*_ e _C(al|us)$           IY
    @C_ e _CV                   AH
    e                           EH
f
    ff                          F
    f                           F
g
    gg _e(st|r$)                G
    gg                          G
    ^_ gn                       N
    gn _$                       N
    gn _(ed|er|ing|ment|s)$     N
    ^_ gh                       G
    gh                          -
    gu _[ei]                    G
    gue _$                      G
    ^_ g _(et|iv|ir|if|ea)      G
    n_ g _(e$|e[dl]|i)          JH
    n_ ger _$                   G ER
    g _[eiy]                    JH
    g                           G
h
    ^_ h _(our|onest|onor|eir)  -
    ^(ex|r)_ h                  -
    h _V                        HH
    h                           -
i
    igh                         AY
    ^_ i _$                     AY
    ield                        IY L D
    r_ iend                     EH N D
    ie _(f|ve|ge|ce)            IY
    ^C*_ ie _$                  AY
    ier _$                      IY ER
    ie _r                       IH
    ie _t                       AY AH
    ^C*_ ie _[ds]               AY
    ie                          IY
    ^C*_ i _[ao]                AY AH
    ign _(s|ed|ing|er|ment)?$   AY N
    ^C*_ ind _$                 AY N D
    ^C*_ ild _$                 AY L D
    iew                         Y UW
    C_ ion _$                   Y AH N
    C_ ious _                   IY AH S
    C_ ia _$                    IY AH
    i _[ao]                     IY
    i _um                       IY
    ^C+_ ir _e                  AY ER
    ir _e$                      AY ER
    @_ ire _$                   AY ER
    ir _(V|r)                   IH R
    ir                          ER
    i _que                      IY
    @C_ ice _$                  AH S
    @C_ ine _$                  IH N
    @C_ ive _(ly)?$             IH V
    @C_ ite _(ly)?$             AY T
    @[bt]_ ile _                AH L
    @s_ is _$                   IH S
    @_ i _bl[ey]$               AH
    i _C(e|es)$                 AY
    i _C(l|r)e$                 AY
    i _sle                      AY
    ^C*_ i _[cdgklmnptv]er      AY
    ^C+_ i _[dnpv]y$            AY
    ^C*_ i _C(al|ant|ent|ing|us|o)$ AY
    ^C+_ i _$                   AY
    i _$                        IY
    i                           IH
j
    j                           JH
k
    ^_ k _n                     -
    kk                          K
    k                           K
l
    @C_ le _(s|d)?$             AH L
    ll                          L
    l                           L
m
    mm                          M
    ^_ m _n                     -
    mn _$                       M
    m                           M
n
    ng _(th|st)                 NG K
    ng _(er|le|l|u|ry|ri|ra|ar|o) NG G
    ng _e                       N JH
    ng                          NG
    n _(k|x|q|ch[oa]r)          NG
    n _ct                       NG
    nn                          N
    n                           N
o
    [cst]i_ on                  AH N
    i_ or _$                    ER
    (m|pr)_ o _ve               UW
    ough _t                     AO
    th_ ough _$                 OW
    thr_ ough                   UW
    (c|tr)_ ough                AO F
    (r|n|t)_ ough               AH F
    b_ ough                     AW
    ough                        OW
    oar                         AO R
    oa                          OW
    oor                         AO R
    ook                         UH K
    (g|st|h|w)_ ood             UH D
    oo _t$                      UW
    oo                          UW
    oi                          OY
    ^C*_ oy                     OY
    oy                          OY
    ould                        UH D
    our _(se|ce|t|th)           AO R
    ^(f|p|y)_ our               AO R
    our _C                      ER
    @C_ our _                   ER
    our                         AW ER
    ouble                       AH B AH L
    ous _(ly|ness)?$            AH S
    oup                         UW P
    ^y_ ou _(n|$)               AH
    ough                        AO
    ou                          AW
    ow _(l|n|d|er|ard|el)       AW
    ^(h|n|c|b|w|v|br|pl|all|en|ch)_ ow _(s|ed|ing)?$ AW
    ow                          OW
    oe _$                       OW
    ore                         AO R
    w_ or _(k|l|m|s|d|th)       ER
    @C_ or _(s|ly)?$            ER
    orr _[oy]                   AA R
    orr _V                      AO R
    or                          AO R
    o _(ll$|ld|lk|lt|l$|th$)    OW
    o _ther                     AH
    o _ll                       AA
    ^C*_ o _(ver|pen|cean)      OW
    @C_ o _(n$|m$)              AH
    o _(ne|me|ke|le|de|pe|te|se|ve|be|ze|ge|ce)s?$ OW
    ^C*_ o _C[aouy]$            OW
    ^C*_ o _C(er|en|al|us|ia|io|ed|ing) OW
    o _C(ia|io|iu)              OW
    o _(ss|ft|st|ng|ff|g$|ss)   AO
    o _$                        OW
    ^C*_ o _[aei]               OW
    ^c_ o _(n[cdfnqstv]|mp|llec|rrec|mm[ai]) AH
    ^pr_ o _(v|duc|t|f|p)       AH
    ^C*_ o _                    AA
    o _(m|n|t|p|r|g)ic          AA
    o _(logy|log|graph|city|meter|crac) AA
    @C_ o _C[aeiou]             AH
    o                           AA
p
    ^_ ph                       F
    ph                          F
    ^_ p _[nst]                 -
    pp                          P
    p                           P
q
    que _$                      K
    qu                          K W
    q                           K
r
    rh                          R
    rr                          R
    r                           R
s
    ^_ sch _[oe]                S K
    sch                         SH
    sh                          SH
    ssi _on                     SH
    ss _ure                     SH
    V_ si _on                   ZH
    si _on                      SH
    V_ s _u(al|re)              ZH
    ^_ su _(re|ga)              SH UH
    ss _ue$                     SH
    ss                          S
    s _(m$)                     Z AH
    i_ s _l                     -
    (C|^)a_ s _e$               S
    (ou|oo)_ s _e$              S
    [aeiou]_ s _e$              Z
    ea_ s _y$                   Z
    ^C+[aeiou]+_ s _(i[tcdln]|on|e[rnm]|u[lm]) Z
    s                           S
t
    tch                         CH
    ti _(on|al|en|ous|at)       SH
    V_ th _(e|er|ern|ers|ing|ed)$ DH
    th                          TH
    @_ t _(ur[aei]|u[al])       CH
    s_ t _(le$|en$|ling$|ening$)-
    f_ t _en                    -
    tt                          T
    t                           T
u
    ^_ un _[^i]                 AH N
    ^_ u _ni                    Y UW
    ^_ us _[eu]                 Y UW Z
    q_ u                        -
    uy                          AY
    ng_ u _[ai]                 W
    uar                         AA R
    g_ u _[aeiy]                -
    ui _(t|s|l[^d]|d)           UW
    ui                          IH
    @[ln]_ ue _$                Y UW
    u _(al|at)                  UW
    ue _$                       UW
    [rljs]_ ure _$              UH R
    t_ ure _(s|d)?$             ER
    (s|ss)_ ure _$              ER
    ure _$                      Y UH R
    ur _[aei]                   UH R
    urr _V                      ER
    ur                          ER
    ^_ u _                      AH
    u _ll$                      UH
    p_ u _(sh|t$|dd|l[lp])      UH
    (b|f)_ u _(ll|sh)           UH
    [rljt]_ u _(CV|C[lr]e|e)    UW
    [sd]_ u _(CV|C[lr]e|e)      UW
    [bcfghmp]_ u _(C[aeiouy]|C[lr]e|e) Y UW
    @C_ u _C[aeiou]             Y AH
    n_ u _(C[aeio])             UW
    @C_ us _$                   AH S
    u _$                        UW
    u                           AH
v
    vv                          V
    v                           V
w
    ^_ wh _o[lms]?e?$           HH
    wh                          W
    ^_ w _r                     -
    [aeo]_ w                    -
    w                           W
x
    ^_ x                        Z
    x                           K S
y
    ^_ y                        Y
    ^C+_ y _$                   AY
    @f_ y _$                    AY
    y _$                        IY
    ^C+_ y _C[elr]              AY
    [aeiou]_ y _V               Y
    y                           IH
z
    zz                          Z
    z                           Z
"""

Rule = tuple[re.Pattern[str], str, re.Pattern[str], tuple[str, ...]]
_CLASSES = {"V": "[aeiouy]", "C": "[b-df-hj-np-tv-xz]", "@": "[aeiouy].*"}


def sound_out(word: str) -> tuple[str, ...]:
    """The phones of a word of the letters a to z by the rules alone; other letters are silent."""
    phones: list[str] = []
    at = 0
    while at < len(word):
        taken, said = _first_rule(word, at)
        phones += said
        at += taken
    return tuple(phones)


def _first_rule(word: str, at: int) -> tuple[int, tuple[str, ...]]:
    before = word[:at]
    for left, letters, right, phones in _rules().get(word[at], ()):
        end = at + len(letters)
        if word.startswith(letters, at) and right.match(word, end) and left.search(before):
            return len(letters), phones
    return 1, ()


@cache
def _rules() -> dict[str, list[Rule]]:
    """The table, compiled on first use: importing this module stays cheap."""
    table: dict[str, list[Rule]] = {}
    for line in RULES.splitlines():
        if line and not line.startswith(" "):
            table[line] = rules = []
        elif line:
            rules.append(_rule(line))
    return table


def _rule(line: str) -> Rule:
    parts = line.split()
    left = parts.pop(0)[:-1] if parts[0].endswith("_") else ""
    letters = parts.pop(0)
    right = parts.pop(0)[1:] if parts and parts[0].startswith("_") else ""
    return re.compile(f"(?:{_expand(left)})$"), letters, re.compile(_expand(right)), _said(parts)


def _said(phones: list[str]) -> tuple[str, ...]:
    return () if phones == ["-"] else tuple(phones)


def _expand(context: str) -> str:
    return "".join(_CLASSES.get(character, character) for character in context)
