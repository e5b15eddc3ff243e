"""The letter-to-sound rules of English vowel letters (y among them), as a table.

A line is `before_ letters _after  PHONES`; the contexts may be missing, and `-` is silence.
In a context V is a vowel letter (y too), C a consonant letter, @ "a vowel letter somewhere
before", ^ and $ the word's ends; the rest is a regular expression. Rules of a letter are tried
from top to bottom, and what they spell is then skipped.

The rules were written for this project. They need not be perfect: the same rules are used for the
texts of recognisers and of authors, so that a regular error has no effect.
"""

VOWEL_RULES = """
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
y
    ^_ y                        Y
    ^C+_ y _$                   AY
    @f_ y _$                    AY
    y _$                        IY
    ^C+_ y _C[elr]              AY
    [aeiou]_ y _V               Y
    y                           IH
"""
