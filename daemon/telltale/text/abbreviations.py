"""Words whose full stop does not end a sentence, in the languages the product reads."""

# Never the last word of a sentence: a name, a number or an example follows.
NEVER_LAST = frozenset(
    """
    mr mrs ms dr prof st sr jr gen col lt sgt capt cmdr maj adm rev hon gov sen rep pres vs v eg e.g i.e ie cf viz approx
    dept est mt ft ca
    hr fr dipl ing bzw z.b d.h u.a o.ä ggf inkl evtl nr abs tel str zzgl sog mio mrd
    mme mlle env p.ex boul
    sra dña ud uds excmo núm pág págs aprox ej p.ej
    sig.ra dott dott.ssa avv p.es ecc
    exmo dra v.exa
    dhr mevr drs ir bijv nl o.a m.b.t
    np tzn m.in tj ul mgr inż gen św
    bl.a t.ex s.k d.v.s f.eks kl tlf ev
    i.s.w пр др им ул гг напр т.е т.д т.п
    """.split()
)

# Ends nothing before a number ("No. 10", "Fig. 3"), and is an ordinary word elsewhere.
BEFORE_NUMBER = frozenset("no nos vol pp p art arts sec ch op fig figs nr abs s ziff núm".split())

# May end a sentence: it does when a new one plainly starts.
MAY_BE_LAST = frozenset(
    """
    inc ltd co corp plc bros u.s u.k u.n e.u d.c a.m p.m ph.d etc ave blvd rd jan feb mar apr jun jul aug sep sept oct nov dec
    usw u.s.a etc ecc
    """.split()
)

# Words that plainly start a sentence after an abbreviation of the second list.
STARTERS = frozenset(
    """
    The It In He She A An But This That These Those They We I You His Her Its Their Our And On At For As After Before When While
    If There Here However Meanwhile Let Would Note Der Die Das Es Il La Le Les El Los Las Een De Het
    """.split()
)

# Months in the languages that write an ordinal day with a full stop ("3. Mai", "17. maja").
MONTHS = frozenset(
    """
    januar februar märz april mai juni juli august september oktober november dezember desember december jänner
    januari februari mars maj juni augusti
    tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta marraskuuta joulukuuta
    ledna února března dubna května června července srpna září října listopadu prosince
    jahrhundert jahrhunderts spieltag platz klasse liga minute runde
    """.split()
)
