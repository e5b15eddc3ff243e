"""The letter-to-sound rules of English consonant letters; see `vowels` for how to read them."""

CONSONANT_RULES = """
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
z
    zz                          Z
    z                           Z
"""
