"""Builds noto-sans-sc.ttf from the npm packages; see README.md.

usage: make_font.py <noto-sans-sc package> <noto-sans package> <out.ttf>
"""

import sys
from pathlib import Path

from fontTools.merge import Merger
from fontTools.misc.transform import Transform
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem

GREEK = [c for c in range(0x0391, 0x03CA) if c != 0x03A2]
ROMAN = "I II III IV V VI VII VIII IX X XI XII".split()  # U+2160 onwards: grades and model names
MICRO = 0x00B5
# Of 通用规范汉字表 level 3 and a few other given names: what neither the large slice nor GB 2312 has.
NAMES = (
    "䜣乸亸亹伈伋伾佁侁侂侘俍俫倓倕倞倧倴倻偁偓偰傉傒傕僇儳冏冮刬剅剟劄勍勠匼卬厖叇叚咍咡咥哃哢唝啴噀噂嚭囷圌圙坰垈垏"
    "垕垙垞垯垾垿埆埫堉堌堎堽塅塝塱墈墘墡墣壵壸奓奡妘妧妭姈姮姱姽婌婍婞婠婻婼媂媄媓媖媱嫄嫪嫭嫽孅尨尪屃岞峃峘峣崀崁崄"
    "崌崒崟崡嵁嵚嶒嶓嶲巇帨幪庤廆廙弇弨弶弸彟彣忞忳恔悆悢悰惎惔惙惛慆慥慬憙憭憺扆扞扺扽抃掞摛擿攽敔敩斝斠斶旐旴旵旿昡"
    "昤昪昫昳昺昽晅晙晢晫晱晳暅暕暲暵朏朓朳杄杕杧杬杺枂枍枹柷栒栴栻桯桲梠梣梼梽梾棐棓棤棨棪棫棽椀椆楒楙楩楪榅槚槱橞橦"
    "檞櫆欻殣毌毐氿汋汧汫汭沇沘沚沨沺泂泃泇泙泚洈洑洓洘洢洣洨浛浡浬浭涐涢涴淏淜淯渟渼湜湝湣湲溁溇溍溞溦滉滪漈漖漷潏潖"
    "潩潵潽潾澂澔澛澴濩瀍瀼炘炟烔烝烠烺焌焞煋煴熇燋燏爇爚牚牥牻狝猄猇猰玃玒玓玘玙玚玞玠玱玶珇珌珒珖珛珝珦珵珷珹珽琀琄"
    "琈琎琭琲瑃瑅瑆瑒瑝瑢瑧瑨瑱瑳璆璮璱璲瓛甗甡畇畖畤畯疁疍疐癿皕皛皞皦盦睎矞矻砆砫砮砵硁硔硙硿碈碶磜磻礌祃祊祏祲禋禒"
    "禔禘禤秾稙窅窊竑筜筦筶筼箖篯簃簕簠簰籥糵絜縢繄纻缊缐罍羕羖羱羴翃翙翚翛翯翾肸胠脟脩脿腨臑舲芠芣苧茝荄荖荙莀莙莿菂"
    "菉萣萹葎葖葰蒄蒨蓂蓇蓢蔀蕗蕰薢薸藟藦藨蘘虒虓蝘蝲螣蠋衎衒袆裈裛裬褕襕襜觱觿訸詝詟诐谞谿赑赪趯跂跱踦蹐辿迺遆遹邠邲"
    "邽郈郚郪鄀鄌鄘鄜酺醨醾釐钖钘铏铚锳锽镃镈镋镠闿霂霅靬鞮颋飐飔飖骃骉骍骕骙髃髎鬘鱻鲃鲉鲊鲌鲏鲖鲗鲘鲙鲹鲿鳉鳑鳚鳡鳣"
    "鹀鹍鹖鹟鹠鹡鹢麑麹鼩鼱龁龑龢"
)


# Symbols outside GB 2312 that quality reports use.
SYMBOLS = "▼▽◇◀▶◁▷‐‑†‡•‥‹›↔↖↗↘↙⇒⇔∅∆≅≦≧≪≫⋯▪▫◐◑☑☒☎⚠✓✗✔✘❶❷❸❹❺❻❼❽❾❿⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㎎㎏㎜㎝㎞㎡㎥㏄℉ℓ℡"


def has(c: int, encoding: str) -> bool:
    try:
        return bool(chr(c).encode(encoding))
    except UnicodeEncodeError:
        return False


def wanted(c: int) -> bool:
    """Beyond the large slice: GB 2312, level 3 of the standard characters (those of names and places), symbols."""
    return has(c, "gb2312") or chr(c) in NAMES or chr(c) in SYMBOLS or 0x1C0 <= c <= 0x1E0


def slices(sc: Path):
    """The one large slice first, so that its glyphs win, then the numbered ones and the Latin one."""
    files = sorted((sc / "files").glob("*-400-normal.woff2"), key=lambda f: ("chinese-simplified" not in f.name, f.name))
    seen: set[int] = set()
    for file in files:
        if any(word in file.name for word in ("vietnamese", "cyrillic", "latin-ext")):
            continue
        font = TTFont(file)
        new = {c for c in font.getBestCmap() if not seen or wanted(c)} - seen
        seen |= new
        if new:
            yield font, new


def cut(font: TTFont, unicodes) -> TTFont:
    """Outlines and advance widths only: no hinting, no layout features, no vertical metrics."""
    options = Options()
    options.layout_features = []
    options.hinting = False
    options.notdef_outline = True
    options.glyph_names = False
    options.drop_tables += ["BASE", "GDEF", "GPOS", "GSUB", "STAT", "gasp", "vhea", "vmtx", "kern", "DSIG", "meta"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=unicodes)
    subsetter.subset(font)
    return font


def draw(font: TTFont, code: int, name: str, parts: list[tuple[str, float, float]], advance: int):
    """Adds a glyph made of existing ones: (glyph, x shift, x scale)."""
    glyphs, pen = font.getGlyphSet(), TTGlyphPen(None)
    for glyph, shift, squeeze in parts:
        glyphs[glyph].draw(TransformPen(pen, Transform(squeeze, 0, 0, 1, shift, 0)))
    font.setGlyphOrder([*font.getGlyphOrder(), name])
    font["glyf"].glyphs[name] = pen.glyph()
    font["glyf"].glyphOrder = font.getGlyphOrder()
    font["glyf"][name].recalcBounds(font["glyf"])
    font["hmtx"][name] = (advance, font["glyf"][name].xMin)
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[code] = name


def romans(font: TTFont):
    """Ⅰ … Ⅻ are in none of the slices: compose them from I, V and X on a full-width body."""
    cmap, em = font.getBestCmap(), font["head"].unitsPerEm
    for index, letters in enumerate(ROMAN):
        widths = [font["hmtx"][cmap[ord(c)]][0] for c in letters]
        squeeze = min(1.0, 0.94 * em / sum(widths))
        x, parts = (em - squeeze * sum(widths)) / 2, []
        for c, width in zip(letters, widths):
            parts.append((cmap[ord(c)], x, squeeze))
            x += squeeze * width
        draw(font, 0x2160 + index, f"roman{index + 1}", parts, em)


def main(sc: Path, latin: Path, out: Path):
    work = out.with_suffix(".parts")
    work.mkdir(exist_ok=True)
    parts = []
    for number, (font, unicodes) in enumerate(slices(sc)):
        parts.append(work / f"{number:03}.ttf")
        cut(font, unicodes).save(parts[-1])
    greek = TTFont(latin / "files" / "noto-sans-greek-400-normal.woff2")
    parts.append(work / "greek.ttf")
    cut(greek, GREEK).save(parts[-1])

    font = Merger().merge([str(p) for p in parts])
    romans(font)
    cmap = font.getBestCmap()
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap.setdefault(MICRO, cmap[0x03BC])
    # Half the design grid: at chart sizes the error is below a twentieth of a pixel, and most deltas fit one byte.
    scale_upem(font, 500)
    cut(font, font.getBestCmap())
    font["post"].formatType = 3.0
    names = {1: "Noto Sans SC Chart", 2: "Regular", 4: "Noto Sans SC Chart", 6: "NotoSansSCChart-Regular"}
    font["name"].names = [r for r in font["name"].names if r.nameID in (0, 5, 13, 14)]
    for name_id, text in names.items():
        font["name"].setName(text, name_id, 3, 1, 0x409)
    font.recalcTimestamp = False
    font["head"].created = font["head"].modified = 0
    font.save(out)
    print(len(font.getBestCmap()), "characters,", out.stat().st_size, "bytes")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
