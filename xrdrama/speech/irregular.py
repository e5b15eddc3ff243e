"""A table of words whose pronunciation does not follow the spelling rules, with their phones.

Written for this project. It contains the most frequent words, common exceptions of English, and
words of drama. A homophone follows the word it sounds like, after `=`.
"""

from __future__ import annotations

from functools import cache

TABLE = """
a AH, an AE N, the DH AH, this DH IH S, that DH AE T, these DH IY Z, those DH OW Z, then DH EH N
than DH AE N, them DH EH M, they DH EY, there DH EH R = their they're, though DH OW, thus DH AH S
themselves DH EH M S EH L V Z, therefore DH EH R F AO R, thou DH AW, thy DH AY, thee DH IY
i AY = eye aye, i'm AY M, i'll AY L = aisle isle, i'd AY D, me M IY, my M AY, myself M AY S EH L F
you Y UW = ewe, your Y AO R = you're yore, you'll Y UW L, you've Y UW V, yours Y AO R Z, he HH IY
he'll HH IY L = heel heal, she SH IY, she'll SH IY L, we W IY = wee, we'll W IY L = wheel
we're W IH R = weir, we'd W IY D = weed, he'd HH IY D = heed, she'd SH IY D, his HH IH Z, her HH ER
hers HH ER Z, herself HH ER S EH L F, our AW ER = hour, ours AW ER Z = hours, who HH UW
whom HH UW M, whose HH UW Z = who's, whole HH OW L = hole, what W AH T, where W EH R, were W ER
somewhere S AH M W EH R, anywhere EH N IY W EH R, everywhere EH V R IY W EH R, why W AY
which W IH CH = witch, while W AY L, whatever W AH T EH V ER, to T UW = two too, today T AH D EY
tonight T AH N AY T, tomorrow T AH M AA R OW, into IH N T UW, together T AH G EH DH ER
toward T AH W AO R D, towards T AH W AO R D Z, onto AA N T UW, of AH V, off AO F, from F R AH M
as AE Z, is IH Z, was W AH Z, has HH AE Z, be B IY = bee, been B IH N = bin, are AA R, am AE M
do D UW = due, does D AH Z, done D AH N, don't D OW N T, doing D UW IH NG, won't W OW N T
can't K AE N T, aren't AA R N T, isn't IH Z AH N T, gone G AO N, have HH AE V, having HH AE V IH NG
give G IH V, giving G IH V IH NG, live L IH V, living L IH V IH NG, lived L IH V D, lives L IH V Z
alive AH L AY V, going G OW IH NG, goes G OW Z, says S EH Z, said S EH D, would W UH D = wood
could K UH D, should SH UH D, must M AH S T, shall SH AE L, one W AH N = won, once W AH N S
ones W AH N Z, someone S AH M W AH N, everyone EH V R IY W AH N, anyone EH N IY W AH N
no N OW = know, knows N OW Z = nose, none N AH N = nun, nobody N OW B AA D IY
nothing N AH TH IH NG, not N AA T = knot, now N AW, something S AH M TH IH NG
anything EH N IY TH IH NG, everything EH V R IY TH IH NG, sometimes S AH M T AY M Z
some S AH M = sum, any EH N IY, many M EH N IY, every EH V R IY, everybody EH V R IY B AA D IY
anybody EH N IY B AA D IY, somebody S AH M B AA D IY, ever EH V ER, never N EH V ER
forever F ER EH V ER, however HH AW EH V ER, even IY V AH N, evening IY V N IH NG
eleven IH L EH V AH N, seven S EH V AH N, heaven HH EH V AH N, four F AO R = for fore
eight EY T = ate, twelve T W EH L V, forty F AO R T IY, first F ER S T, second S EH K AH N D
third TH ER D, hundred HH AH N D R AH D, thousand TH AW Z AH N D, both B OW TH, other AH DH ER
another AH N AH DH ER, either IY DH ER, neither N IY DH ER, only OW N L IY, also AO L S OW
always AO L W EY Z, almost AO L M OW S T, already AO L R EH D IY, although AO L DH OW
along AH L AO NG, again AH G EH N, against AH G EH N S T, alone AH L OW N, away AH W EY
about AH B AW T, above AH B AH V, across AH K R AO S, among AH M AH NG, ago AH G OW
because B IH K AO Z, before B IH F AO R, behind B IH HH AY N D, between B IH T W IY N
perhaps P ER HH AE P S, maybe M EY B IY, quite K W AY T, quiet K W AY AH T, very V EH R IY
yes Y EH S, yeah Y AE, okay OW K EY = ok, oh OW = owe o, hey HH EY = hay, hello HH AH L OW
here HH IH R = hear, hears HH IH R Z, heard HH ER D = herd, heart HH AA R T, hearts HH AA R T S
sea S IY = see c, seas S IY Z = sees seize, new N UW = knew, through TH R UW = threw, throw TH R OW
buy B AY = by bye, goodbye G UH D B AY, good G UH D, great G R EY T = grate, break B R EY K = brake
steak S T EY K = stake, bear B EH R = bare, wear W EH R = ware, tear T EH R, pear P EH R = pair
swear S W EH R, hair HH EH R = hare, air EH R = heir, stair S T EH R = stare, fair F EH R = fare
night N AY T = knight, right R AY T = write rite wright, sight S AY T = site, mail M EY L = male
sun S AH N = son, sail S EY L = sale, tale T EY L = tail, tide T AY D = tied, weak W IY K = week
way W EY = weigh, wait W EY T = weight, waste W EY S T = waist, peace P IY S = piece
plain P L EY N = plane, rain R EY N = reign rein, road R OW D = rode rowed, role R OW L = roll
soul S OW L = sole, steal S T IY L = steel, flower F L AW ER = flour, deer D IH R = dear
dye D AY = die, meet M IY T = meat, main M EY N = mane, made M EY D = maid, red R EH D = read
reads R IY D Z, reading R IY D IH NG, reader R IY D ER, lead L IY D, leader L IY D ER, led L EH D
leading L IY D IH NG, plead P L IY D, bead B IY D, wind W IH N D, winds W IH N D Z, tears T IH R Z
close K L OW Z = clothes, closed K L OW Z D, closer K L OW S ER, lose L UW Z, lost L AO S T
choose CH UW Z, chose CH OW Z, loose L UW S, use Y UW Z, used Y UW Z D, us AH S, bus B AH S
move M UW V, moved M UW V D, remove R IH M UW V, prove P R UW V, love L AH V, loved L AH V D
lover L AH V ER, lovely L AH V L IY, glove G L AH V, dove D AH V, cover K AH V ER
discover D IH S K AH V ER, recover R IH K AH V ER, oven AH V AH N, over OW V ER, come K AH M
comes K AH M Z, coming K AH M IH NG, become B IH K AH M, welcome W EH L K AH M
comfort K AH M F ER T, company K AH M P AH N IY, woman W UH M AH N, women W IH M AH N
month M AH N TH, monday M AH N D EY, money M AH N IY, honey HH AH N IY, monkey M AH NG K IY
front F R AH N T, son S AH N, ton T AH N, wonder W AH N D ER, wonderful W AH N D ER F AH L
mother M AH DH ER, brother B R AH DH ER, father F AA DH ER, rather R AE DH ER, gather G AE DH ER
bother B AA DH ER, sister S IH S T ER, daughter D AO T ER, aunt AE N T = ant, uncle AH NG K AH L
child CH AY L D, children CH IH L D R AH N, people P IY P AH L, person P ER S AH N
friend F R EH N D, friends F R EH N D Z, family F AE M AH L IY, guy G AY, guys G AY Z
baby B EY B IY, body B AA D IY, blood B L AH D, flood F L AH D, head HH EH D, foot F UH T
soot S UH T, wool W UH L, wolf W UH L F, put P UH T, puts P UH T S, push P UH SH, pull P UH L
full F UH L, bull B UH L, butcher B UH CH ER, sugar SH UH G ER, sure SH UH R, cafe K AE F EY
pour P AO R = poor pore, door D AO R, floor F L AO R, war W AO R = wore, warm W AO R M, word W ER D
world W ER L D, work W ER K, worth W ER TH, worse W ER S, worst W ER S T, worry W ER IY
worried W ER IY D, sorry S AA R IY, story S T AO R IY, water W AO T ER, walk W AO K, talk T AO K
half HH AE F, calf K AE F, laugh L AE F, laughed L AE F T, enough IH N AH F, rough R AH F
tough T AH F, cough K AO F, trough T R AO F, bough B AW = bow, plough P L AW = plow, dough D OW
thought TH AO T, thorough TH ER OW, caught K AO T, height HH AY T, eyes AY Z, island AY L AH N D
sword S AO R D, answer AE N S ER, listen L IH S AH N, castle K AE S AH L, christmas K R IH S M AH S
muscle M AH S AH L = mussel, doubt D AW T, debt D EH T, climb K L AY M, comb K OW M, tomb T UW M
womb W UW M, bomb B AA M, honest AA N AH S T, honour AA N ER = honor, ghost G OW S T
ghosts G OW S T S, most M OW S T, post P OW S T, host HH OW S T, gross G R OW S, truth T R UW TH
true T R UW, blue B L UW = blew, fruit F R UW T, juice JH UW S, suit S UW T, built B IH L T
build B IH L D, guilt G IH L T = gilt, guard G AA R D, guess G EH S, guest G EH S T, guide G AY D
guitar G IH T AA R, tongue T AH NG, language L AE NG G W IH JH, queue K Y UW = q cue
beauty B Y UW T IY, beautiful B Y UW T AH F AH L, view V Y UW, business B IH Z N AH S
busy B IH Z IY, bury B EH R IY = berry, buried B EH R IY D, marry M EH R IY = merry mary
carry K EH R IY, river R IH V ER, liver L IH V ER, deliver D IH L IH V ER, silver S IH L V ER
consider K AH N S IH D ER, city S IH T IY, pity P IH T IY, pretty P R IH T IY, minute M IH N AH T
minutes M IH N AH T S, england IH NG G L AH N D, english IH NG G L IH SH, finger F IH NG G ER
anger AE NG G ER, hunger HH AH NG G ER, hungry HH AH NG G R IY, angry AE NG G R IY
singer S IH NG ER, stranger S T R EY N JH ER, danger D EY N JH ER, angel EY N JH AH L
orange AO R AH N JH, change CH EY N JH, strange S T R EY N JH, machine M AH SH IY N
police P AH L IY S, magazine M AE G AH Z IY N, medicine M EH D AH S AH N, engine EH N JH AH N
marine M ER IY N, routine R UW T IY N, promise P R AA M AH S, practice P R AE K T AH S
notice N OW T AH S, office AO F AH S, service S ER V AH S, justice JH AH S T AH S, voice V OY S
favorite F EY V ER AH T = favourite, opposite AA P AH Z AH T, definite D EH F AH N AH T
private P R AY V AH T, pirate P AY R AH T, chocolate CH AO K L AH T, desperate D EH S P R AH T
climate K L AY M AH T, separate S EH P ER EY T, palace P AE L AH S, surface S ER F AH S
captain K AE P T AH N, mountain M AW N T AH N, certain S ER T AH N, curtain K ER T AH N
fountain F AW N T AH N, villain V IH L AH N, bargain B AA R G AH N, foreign F AO R AH N
ocean OW SH AH N, science S AY AH N S, special S P EH SH AH L, especially IH S P EH SH AH L IY
question K W EH S CH AH N, national N AE SH AH N AH L, nature N EY CH ER, picture P IH K CH ER
future F Y UW CH ER, creature K R IY CH ER, treasure T R EH ZH ER, measure M EH ZH ER
pleasure P L EH ZH ER, usually Y UW ZH AH L IY, music M Y UW Z IH K, magic M AE JH IH K
physician F AH Z IH SH AH N, stomach S T AH M AH K, character K EH R AH K T ER, school S K UW L
chaos K EY AA S, echo EH K OW, anchor AE NG K ER, choir K W AY ER, ache EY K, aches EY K S
architect AA R K AH T EH K T, chemical K EH M AH K AH L, christ K R AY S T, chorus K AO R AH S
area EH R IY AH, idea AY D IY AH, real R IY L, really R IY L IY, theatre TH IY AH T ER = theater
create K R IY EY T, creator K R IY EY T ER, react R IY AE K T, lion L AY AH N, giant JH AY AH N T
violin V AY AH L IH N, violent V AY AH L AH N T, silent S AY L AH N T, silence S AY L AH N S
final F AY N AH L, finally F AY N AH L IY, iron AY ER N, fire F AY ER, tired T AY ER D
desire D IH Z AY ER, behave B IH HH EY V, major M EY JH ER, radio R EY D IY OW, video V IH D IY OW
piano P IY AE N OW, control K AH N T R OW L, problem P R AA B L AH M, possible P AA S AH B AH L
probably P R AA B L IY, impossible IH M P AA S AH B AH L, terrible T EH R AH B AH L
government G AH V ER N M AH N T, system S IH S T AH M, history HH IH S T R IY, memory M EH M ER IY
remember R IH M EH M B ER, mirror M IH R ER, secret S IY K R AH T, sacred S EY K R AH D
naked N EY K AH D, wicked W IH K AH D, present P R EH Z AH N T, president P R EH Z AH D AH N T
prison P R IH Z AH N, reason R IY Z AH N, event IH V EH N T, open OW P AH N, begin B IH G IH N
began B IH G AE N, begun B IH G AH N, forget F ER G EH T, forgive F ER G IH V, forgot F ER G AA T
forgotten F ER G AA T AH N, study S T AH D IY, ready R EH D IY, steady S T EH D IY, copy K AA P IY
holy HH OW L IY = wholly, lady L EY D IY, lantern L AE N T ER N, drawer D R AO R
candle K AE N D AH L, lamp L AE M P, beacon B IY K AH N, harbour HH AA R B ER = harbor
colour K AH L ER = color, favour F EY V ER = favor, boat B OW T, lower L OW ER, slower S L OW ER
follower F AA L OW ER, owner OW N ER, own OW N, known N OW N, shown SH OW N, grown G R OW N = groan
thrown TH R OW N = throne, blown B L OW N, bowl B OW L, low L OW, slow S L OW, snow S N OW
below B IH L OW, allow AH L AW, crown K R AW N, drown D R AW N, brow B R AW, know N OW, show SH OW
row R OW, sew S OW = so sow, shoe SH UW = shoo, canoe K AH N UW, toe T OW = tow, group G R UW P
soup S UW P, youth Y UW TH, wound W UW N D, touch T AH CH, young Y AH NG, country K AH N T R IY
cousin K AH Z AH N, double D AH B AH L, trouble T R AH B AH L, couple K AH P AH L
southern S AH DH ER N, shoulder SH OW L D ER, mould M OW L D, house HH AW S, houses HH AW Z IH Z
mouse M AW S, case K EY S, chase CH EY S, base B EY S = bass, phrase F R EY Z, please P L IY Z
increase IH N K R IY S, release R IH L IY S, disease D IH Z IY Z, else EH L S, false F AO L S
news N UW Z, series S IH R IY Z, species S P IY SH IY Z, design D IH Z AY N, sign S AY N
visit V IH Z AH T, result R IH Z AH L T, position P AH Z IH SH AH N, possess P AH Z EH S
desert D EH Z ER T, dessert D IH Z ER T, thomas T AA M AH S, thyme T AY M = time, with W IH TH
breathe B R IY DH, breath B R EH TH, death D EH TH, deaf D EH F, bread B R EH D = bred, dead D EH D
instead IH N S T EH D, heavy HH EH V IY, weather W EH DH ER = whether, leather L EH DH ER
feather F EH DH ER, ahead AH HH EH D, upon AH P AA N, until AH N T IH L, under AH N D ER
understand AH N D ER S T AE N D, unite Y UW N AY T, university Y UW N AH V ER S AH T IY
animal AE N AH M AH L, apple AE P AH L, april EY P R AH L, july JH UW L AY, friday F R AY D EY
sunday S AH N D EY, tuesday T UW Z D EY, wednesday W EH N Z D EY, thursday TH ER Z D EY
saturday S AE T ER D EY, birthday B ER TH D EY, midnight M IH D N AY T, cupboard K AH B ER D
breakfast B R EH K F AH S T, vegetable V EH JH T AH B AH L, different D IH F R AH N T
interest IH N T R AH S T, actually AE K CH AH L IY, exactly IH G Z AE K T L IY
average AE V R IH JH, favor F EY V ER, colonel K ER N AH L = kernel, lieutenant L UW T EH N AH N T
soldier S OW L JH ER, sergeant S AA R JH AH N T, knowledge N AA L IH JH
acknowledge AH K N AA L IH JH, college K AA L IH JH, image IH M IH JH, taken T EY K AH N
mistaken M IH S T EY K AH N, broken B R OW K AH N, spoken S P OW K AH N, chosen CH OW Z AH N
frozen F R OW Z AH N, stolen S T OW L AH N, woken W OW K AH N, given G IH V AH N
driven D R IH V AH N, written R IH T AH N, risen R IH Z AH N, hidden HH IH D AH N
golden G OW L D AH N, better B EH T ER, letter L EH T ER, center S EH N T ER = centre
metre M IY T ER = meter, proper P R AA P ER, property P R AA P ER T IY, modern M AA D ER N
model M AA D AH L, common K AA M AH N, product P R AA D AH K T, prophet P R AA F AH T = profit
mr M IH S T ER = mister, mrs M IH S AH Z, dr D AA K T ER = doctor, tv T IY V IY, uk Y UW K EY
b B IY, d D IY, e IY, f EH F, g JH IY, h EY CH, j JH EY, k K EY, l EH L, m EH M, n EH N
p P IY = pea, r AA R, s EH S, t T IY = tea tee, u Y UW, v V IY, w D AH B AH L Y UW, x EH K S
y W AY, z Z IY, um AH M, uh AH, hmm HH AH M = hm, mhm AH HH AH M = mm, huh HH AH, wow W AW, ah AA
ha HH AA, using Y UW Z IH NG, user Y UW Z ER, useful Y UW S F AH L, awesome AO S AH M
comment K AA M EH N T, supply S AH P L AY, apply AH P L AY, reply R IH P L AY, simply S IH M P L IY
gently JH EH N T L IY, female F IY M EY L, evil IY V AH L, equal IY K W AH L, hotel HH OW T EH L
native N EY T IH V, famous F EY M AH S, review R IY V Y UW, drama D R AA M AH, hero HH IH R OW
basic B EY S IH K, husband HH AH Z B AH N D, george JH AO R JH, movie M UW V IY, china CH AY N AH
greater G R EY T ER, london L AH N D AH N, david D EY V IH D, michael M AY K AH L, peter P IY T ER
robert R AA B ER T, success S AH K S EH S, access AE K S EH S, council K AW N S AH L
society S AH S AY AH T IY, november N OW V EH M B ER, october AA K T OW B ER
complete K AH M P L IY T, meant M EH N T, ancient EY N SH AH N T, advice AH D V AY S
device D IH V AY S, caused K AO Z D, safety S EY F T IY, marriage M EH R IH JH
protect P R AH T EH K T, forest F AO R AH S T, further F ER DH ER, northern N AO R DH ER N
otherwise AH DH ER W AY Z, research R IY S ER CH, online AA N L AY N, develop D IH V EH L AH P
victory V IH K T ER IY, library L AY B R EH R IY, zero Z IH R OW, target T AA R G AH T
suggest S AH G JH EH S T, director D ER EH K T ER, direct D ER EH K T, lawyer L AO Y ER
lighthouse L AY T HH AW S, damn D AE M, hallway HH AO L W EY, stairs S T EH R Z
"""


@cache
def irregular() -> dict[str, tuple[str, ...]]:
    """Word (with its apostrophe, if it has one) to phones; parsed on first use."""
    found: dict[str, tuple[str, ...]] = {}
    for entry in TABLE.replace("\n", ",").split(","):
        said, _, homophones = entry.partition("=")
        if said.strip():
            word, *phones = said.split()
            for spelling in (word, *homophones.split()):
                found[spelling] = tuple(phones)
    return found
