//! Words of addresses in many languages: what a street, a part of a building,
//! a label or the line of a register looks like.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::places::{Country, fold};
use crate::words::Edges;

pub(super) use boxes::is_box;
pub(super) use roles::{Role, is_registered, role};
pub(super) use units::is_unit;

mod boxes;
mod roles;
mod units;

/// What a piece of text is, as far as addresses care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A street with a word for it and a house number.
    Street,
    /// Perhaps a street: a name with a number, or a street word without one.
    MaybeStreet,
    /// Suite, floor, building, PO box, district.
    Extra,
    /// A house number or its continuation that stands alone.
    Number,
    /// A few capitalised words, perhaps a place.
    Plain,
    /// Name of a country.
    Country,
    /// Name of a company or an institution.
    Organisation,
    /// Anything else: telephone, register number, prose, price.
    Noise,
}

/// Street words that stand as words of their own, by language.
const STREET_WORDS: &[(&str, &str)] = &[
    (
        "en",
        "street st road rd avenue ave lane ln drive dr court ct place square sq boulevard blvd way terrace crescent \
         parkway pkwy highway hwy circle trail row mews quay grove gardens broadway walk wharf pike turnpike freeway \
         expressway esplanade parade close promenade drv rte interstate causeway strand embankment hill marg nagar \
         cross salai expwy route",
    ),
    (
        "fr",
        "rue bd boul boulevard avenue av allee allees impasse chemin route quai cours passage faubourg fbg chaussee zi za zac \
         ruelle sentier voie montee rond-point esplanade venelle zone",
    ),
    (
        "it",
        "via viale piazza corso largo vicolo strada piazzale lungarno localita loc contrada lungomare salita galleria \
         p.zza v.le borgo frazione zona",
    ),
    (
        "es",
        "calle avenida avda av plaza pza plza paseo carretera ctra camino carrer passeig ronda poligono polig \
         urbanizacion calzada carrera cra cll diagonal glorieta travesia autopista autovia prolongacion blvd boulevard \
         rambla alameda parque km avinguda placa pol circuito calz",
    ),
    ("pt", "rua avenida av travessa praca alameda largo estrada rodovia rod quadra beco via setor rotunda quinta"),
    (
        "de",
        "straße strasse str weg gasse platz allee ring damm ufer chaussee markt hof gewerbepark industriegebiet \
         industriepark an am im zum zur auf unter",
    ),
    ("nl", "straat laan weg plein kade dijk gracht singel dreef hof industrieterrein steenweg rijksweg"),
    ("pl", "ul ulica al aleja aleje pl plac os osiedle rynek szosa"),
    ("cs", "ulice trida tr nam namesti nabrezi nabr"),
    ("sk", "ulica cesta namestie nam trieda"),
    ("hu", "utca u ut ter korut krt setany koz sor utja fasor rakpart dulo"),
    ("ro", "str strada bulevardul bd bdul calea soseaua sos aleea piata splaiul intrarea drumul"),
    ("sv", "gata vag gatan vagen torg torget grand"),
    ("no", "gate gata vei veien veg vegen plass torg"),
    ("da", "vej gade alle plads torv boulevard straede"),
    ("fi", "katu tie kuja polku aukio ranta kaari"),
    ("et", "tn tanav mnt maantee pst puiestee tee"),
    ("lv", "iela gatve bulvaris prospekts soseja"),
    ("lt", "g gatve pr prospektas al aleja pl plentas"),
    ("hr", "ulica cesta trg avenija put"),
    ("sl", "ulica cesta trg"),
    (
        "ru",
        "ул улица пр просп проспект пр-т пер переулок ш шоссе наб набережная площадь пл проезд бульвар б-р бул тупик \
         линия мкр микрорайон пр-д тракт промзона",
    ),
    ("uk", "вул вулиця пров провулок просп проспект площа пл бульв бульвар шосе"),
    ("bg", "ул улица бул булевард пл площад жк"),
    ("el", "οδος λεωφ λεωφορος οδου πλατεια odos leof leoforos λ χλμ"),
    (
        "tr",
        "cad caddesi cd sok sokak sk sokagi mah mahallesi bulvari bulv blv yolu osb bolgesi sanayi meydani mh sitesi",
    ),
    ("he", "רחוב רח שדרות שד דרך"),
    ("ar", "شارع طريق جادة نهج"),
    ("fa", "خیابان بلوار کوچه میدان"),
    ("id", "jalan jl jln gang"),
    ("ms", "jalan jl jln lorong persiaran lebuh"),
    ("th", "ถนน ซอย soi thanon rd"),
    ("vi", "duong pho ngo"),
    ("ko", "daero ro gil"),
    ("ja", "chome dori"),
    ("zh", "lu jie dadao"),
];

/// Endings of words that name streets, by language.
const STREET_ENDINGS: &[(&str, &str)] = &[
    (
        "de",
        "straße strasse str weg gasse platz allee ring damm ufer chaussee steig stieg markt graben wall kamp twiete zeile \
         bruecke brucke hof feld berg acker wiese garten stiege gaesschen",
    ),
    ("nl", "straat laan weg plein kade dijk gracht singel dreef steenweg baan lei kaai poort"),
    ("sv", "gatan vagen gata vag torget grand"),
    ("no", "gata veien gaten vegen vei veg plassen torget"),
    ("da", "vej gade gaden vejen alle torv plads straede stræde"),
    ("fi", "katu tie kuja polku aukio ranta vayla kaari"),
    ("is", "gata vegur braut stigur stræti"),
    ("ru", "ская"),
    ("ko", "로 길 대로 daero"),
];

const EXTRA_WORDS: &str = "suite ste tour floor fl unit room rm building bldg block blk house office level apt apartment flat tower wing \
    hall box postfach postbus boite bp cs bte casella apartado apdo caixa postboks lokal lok etage og stock stiege \
    top tur haus gebaude hinterhaus gewerbehof piso planta puerta nave local oficina of bajo edificio edif escalera esc ed edf \
    andar sala cj conjunto bloco loja piano scala int interno palazzo palazzina torre immeuble bat batiment residence \
    estate park centre center pietro budynek bud pok этаж офис оф пом помещение корп корпус стр строение литера лит кв бц \
    подъезд комн помещ каб кабинет эт пав павильон территория тер kat daire blok plaza han colonia col bairro barrio fracc fraccionamiento \
    district dist sector emelet em ajto poschodie patro et etaj ap sc bl vaning van sal verdieping bus industrial \
    business trade works mill phase plot layout taluk village mall campus lot po pobox sokk kantoor toren \
    οροφος κτιριο γραφειο בניין בנין קומה משרד דירה כניסה ת\"ד ת.ד תד אזור hal halle hala hale wejscie klatka klatki eingang aufgang ingang ingresso entrance vchod lepcsohaz kabinet korrus مكتب طابق برج مبنى ص.ب حي комната цех house quarter edifici centro parque \
    bureau ind industrielle industriale artisanale artigianale barn barns granary stables hangar courtyard ет етаж вх";

/// Words that only stand where no address is.
const NOISE_WORDS: &str = "tel telefon telefono telephone telefone phone fax telefax faks email e-mail mail hrb hra rcs siret siren \
    vat ust ustid mwst nip regon krs cif nif cnpj cpf ico dic kvk btw orgnr cvr инн огрн кпп окпо iban bic swift \
    copyright capital stammkapital registergericht amtsgericht handelsregister registered registration steuernummer \
    einwohner mitarbeiter mitarbeitende employees kunden customers clients users projects projekte produkte products \
    artikel articles artículos euro eur usd gbp chf uhr jahre years lecie людей клиентов сотрудников kg mm qm art sku \
    bestellnummer artikelnummer isbn ean gtin rating reviews bewertungen sterne stars minuten minutes hours stunden \
    whatsapp skype wechat licence license lizenz partita p.iva rea pec тел факс телефон моб 電話 ファックス tlf puh";

const MONTHS: &str = "january february march april may june july august september october november december jan feb mar apr jun jul \
    aug sep sept oct nov dec januar februar marz maerz mai juni juli oktober dezember janvier fevrier mars avril juin juillet aout \
    septembre octobre novembre decembre enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre \
    diciembre gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre janeiro fevereiro marco maio \
    junho julho setembro outubro novembro dezembro januari februari maart mei augustus maj stycznia lutego marca \
    kwietnia maja czerwca lipca sierpnia wrzesnia pazdziernika listopada grudnia января февраля марта апреля мая июня \
    июля августа сентября октября ноября декабря ocak subat mart nisan mayis haziran temmuz agustos eylul ekim kasim \
    aralik montag dienstag mittwoch donnerstag freitag samstag sonntag monday tuesday wednesday thursday friday \
    saturday sunday mo di mi do fr sa so mon tue wed thu fri sat sun";

const ORGANISATION_WORDS: &str = "gmbh ag kg ohg ug ek eu mbh ltd limited llc llp inc incorporated corp corporation plc sa sas sarl \
    eurl srl spa snc sl slu bv nv vof ab oy oyj as asa aps kft zrt bt sro spol doo dd ood eood ad ooo ао ооо зао пао ип тов \
    cv sia uab ou jsc llp pvt co kk gk pty pte sdn bhd ltda eireli gbr stiftung verband verein behorde kammer \
    landesbeauftragte ministerium kanzlei universitat oe ee ike ae ev";

/// Lower-case words within names of places and streets.
const PARTICLES: &str = "am an der die das dem den im in bei b a d ob unter auf zum zur vor und sur sous en la le les lez les de du des \
    do da dos das del della delle dei degli dello di van ter ten aan op upon on nad pod w pri the of och i y e und et \
    st cedex cdx s n nr no bis el al los las à aux au ze na ve bin et near opp off and by";

fn set(words: &str) -> HashSet<String> {
    words.split_whitespace().map(fold).filter(|word| !word.contains(' ')).collect()
}

static EXTRA: LazyLock<HashSet<String>> = LazyLock::new(|| set(EXTRA_WORDS));
static NOISE: LazyLock<HashSet<String>> = LazyLock::new(|| set(NOISE_WORDS));
static MONTH: LazyLock<HashSet<String>> = LazyLock::new(|| set(MONTHS));
static ORGANISATION: LazyLock<HashSet<String>> = LazyLock::new(|| set(ORGANISATION_WORDS));
static PARTICLE: LazyLock<HashSet<String>> = LazyLock::new(|| set(PARTICLES));
static STREET: LazyLock<HashMap<String, Vec<&'static str>>> = LazyLock::new(|| {
    let mut map: HashMap<String, Vec<&'static str>> = HashMap::new();
    for (language, words) in STREET_WORDS {
        for word in words.split_whitespace() {
            map.entry(fold(&word.replace('.', ""))).or_default().push(language);
        }
    }
    map
});
static ENDINGS: LazyLock<Edges<&'static str>> = LazyLock::new(|| {
    let all = STREET_ENDINGS.iter();
    Edges::endings(all.flat_map(|(language, words)| words.split_whitespace().map(|word| (fold(word), *language))))
});

/// The words of a piece, folded; a dot ends a word (`Hauptstr.5`).
pub(super) fn words(text: &str) -> Vec<String> {
    fold(&text.replace('.', " ")).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Street words too short or too common to count where no house number stands.
const NEEDS_NUMBER: &[&str] = &[
    "st", "dr", "pl", "al", "way", "place", "close", "court", "square", "hill", "cours", "ct", "cross", "row", "walk",
    "u", "g", "ш", "λ", "ring", "hof", "markt", "an", "am", "im", "zum", "zur", "auf", "unter", "parade", "grove",
    "strand", "ro", "gil", "lu", "put", "sor", "ter", "tie", "tee", "tr", "pr", "os", "km", "pol", "ut", "via",
    "route", "drive", "quinta", "pp", "av", "sk", "cd", "gang", "pho", "ngo", "sanayi", "pike", "trail", "circle",
    "gardens", "zona", "zone", "largo", "borgo", "parque", "sector", "setor", "koz", "loc", "za", "zi", "voie",
    "passage", "cra", "cad", "route",
];

/// Whether a word is, or ends in, a word for a street.
pub(super) fn is_street_word(word: &str) -> bool {
    STREET.contains_key(word) || ending(word).is_some()
}

fn ending(word: &str) -> Option<&'static str> {
    ENDINGS.ending(word).filter(|_| !matches!(word, "engineering" | "manufacturing" | "catering" | "monitoring"))
}

/// Languages to which the street words of the text belong.
pub(super) fn street_languages(text: &str) -> Vec<&'static str> {
    let mut found = Vec::new();
    for word in words(text) {
        found.extend(STREET.get(&word).into_iter().flatten().copied());
        found.extend(ending(&word));
    }
    found
}

/// What a piece of text is.
pub(crate) fn kind(text: &str) -> Kind {
    let text = text.trim();
    if text.is_empty() || text.len() > 160 || text.contains(['@', '©', '€', '$', '£', '%', '?', '!', '=', '<', '_'])
    {
        return Kind::Noise;
    }
    let words = words(text);
    let digits = text.chars().filter(|c| c.is_numeric()).count();
    if words.is_empty() || words.len() > 14 || digits > 12 || text.contains("www.") || text.contains("//") {
        return Kind::Noise;
    }
    let has = |set: &HashSet<String>| words.iter().any(|word| set.contains(word));
    if has(&NOISE) && !is_tel_aviv(text) || starts_international(text) {
        return Kind::Noise;
    }
    if digits == 0 && Country::from_name(text).is_some() && !is_street_word(&words[0]) {
        return Kind::Country;
    }
    if is_floor(text, &words) || is_box(text) {
        return Kind::Extra;
    }
    if is_number(text, &words) {
        return Kind::Number;
    }
    // A house number in front, or a unit: not a company called so.
    let numbered = digits > 0
        || words.iter().any(|word| word == "sn" || word == "nn")
        || matches!(words[0].as_str(), "one" | "two" | "three" | "four" | "five" | "ten") && words.len() > 2;
    let street = is_abbreviated_street(text)
        || words.iter().any(|word| is_street_word(word) && (numbered || !NEEDS_NUMBER.contains(&word.as_str())))
        || words.len() > 1 && BEFORE_NAME.contains(&words[0].as_str());
    if is_organisation(text, &words) {
        return Kind::Organisation;
    }
    if is_prose(text) {
        return Kind::Noise;
    }
    if is_care_of(text) || is_zone(text) || is_plot(text) {
        return Kind::Extra;
    }
    if EXTRA.contains(&words[0]) && !(street && digits > 0 && words.len() > 3) {
        return Kind::Extra;
    }
    match (street, numbered) {
        (true, true) => return Kind::Street,
        (true, false) => return Kind::MaybeStreet,
        _ => {}
    }
    if has(&EXTRA) {
        return Kind::Extra;
    }
    if digits > 0 {
        return if has(&MONTH) || !is_name_with_number(text) { Kind::Noise } else { Kind::MaybeStreet };
    }
    match is_plain(text) {
        true if crate::facts::names::has_legal_form(text) => Kind::Organisation,
        true => Kind::Plain,
        false => Kind::Noise,
    }
}

fn starts_international(text: &str) -> bool {
    text.starts_with('+') || text.starts_with("00") && text.len() > 6
}

/// `12`, `12a`, `12-14`, `д. 5`, `nº 3`, `No: 14/2`, `s/n`, `km 512`.
fn is_number(text: &str, words: &[String]) -> bool {
    const MARKS: &[&str] =
        &["no", "n", "nr", "num", "numero", "д", "дом", "буд", "km", "house", "nº", "h", "hnr", "№", "d", "b", "bis"];
    if text.len() > 24 {
        return false;
    }
    let lower = text.to_lowercase();
    if matches!(lower.as_str(), "s/n" | "s/nº" | "s/n°" | "sn" | "snc") {
        return true;
    }
    let numeric = |word: &String| {
        word.chars().any(char::is_numeric)
            && word.chars().filter(|c| c.is_numeric()).count() <= 5
            && word.chars().filter(|c| c.is_alphabetic()).count() <= 1
    };
    let is_mark = |word: &String| MARKS.contains(&word.as_str()) || word.chars().count() == 1;
    words.len() <= 4 && words.iter().any(numeric) && words.iter().all(|word| numeric(word) || is_mark(word))
}

/// `3º A`, `2nd floor`, `2. th`.
fn is_floor(text: &str, words: &[String]) -> bool {
    if is_short_floor(text) {
        return true;
    }
    if !text.starts_with(|c: char| c.is_ascii_digit()) || words.len() > 3 {
        return false;
    }
    let first = words.first().map(String::as_str).unwrap_or_default();
    let ordinal = ["th", "nd", "rd", "st"].iter().any(|end| first.ends_with(end)) && first.len() <= 4;
    let side = words
        .get(1)
        .is_some_and(|word| matches!(word.as_str(), "th" | "tv" | "mf" | "sal" | "esq" | "dto" | "izq" | "dcha"));
    text.contains(['º', 'ª']) || side || ordinal && words.get(1).is_some_and(|word| EXTRA.contains(word))
}

/// `5F`, `12/F`, `B1F`, as floors are written in East Asia.
fn is_short_floor(text: &str) -> bool {
    let Some(number) = text.trim_end_matches('.').strip_suffix(['F', 'f', '階', '층', '樓', '楼']) else {
        return false;
    };
    let digits = number.trim_start_matches(['B', 'G']).trim_end_matches('/');
    (1..=3).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
}

/// `SF No. 412/2`, `Survey No. 12`, `Số 18`: a plot or house by its number,
/// named as that.
fn is_plot(text: &str) -> bool {
    let Some((name, number)) = text.rsplit_once(' ') else { return false };
    let name = fold(name);
    let is_number = number.starts_with(|c: char| c.is_ascii_digit()) && number.len() <= 9;
    is_number && (name.ends_with(" no") && name.split(' ').count() <= 3 || matches!(name.as_str(), "so" | "so nha"))
}

/// Street words that stand before the name, so that they count without a number.
const BEFORE_NAME: &[&str] =
    &["av", "via", "cad", "cra", "os", "ul", "route", "quinta", "largo", "zona", "zi", "borgo", "voie", "ул", "loc"];

/// `c/o WeWork`, `presso Studio Bianchi`: at somebody else's address.
pub(super) fn is_care_of(text: &str) -> bool {
    ["c/o", "℅", "care of ", "presso ", "p/a "]
        .iter()
        .any(|mark| text.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark)))
}

/// `Z.I. Campolungo`, `ZA des Grands Champs`, `phường Bến Nghé`: an estate or a
/// quarter by the words that it begins with.
fn is_zone(text: &str) -> bool {
    const BEGINNINGS: &[&str] = &[
        "z.i.",
        "z.a.",
        "zi ",
        "za ",
        "zac ",
        "parc d'activit",
        "parc d’activit",
        "parc industriel",
        "parc technologique",
        "lieu-dit",
        "lieudit",
        "lotissement ",
        "hameau ",
        "phường ",
        "p. ",
        "p.",
        "quận ",
        "q. ",
        "q.",
        "huyện ",
        "xã ",
        "thị trấn ",
        "thị xã ",
        "kcn ",
        "khu công nghiệp ",
        "khu phố ",
        "khu ",
        "lô ",
        "tầng ",
        "toà nhà ",
        "tòa nhà ",
        "lầu ",
        "ấp ",
        "thôn ",
    ];
    let start: String = text.chars().take(20).flat_map(char::to_lowercase).collect();
    let begins = BEGINNINGS.iter().any(|beginning| start.starts_with(beginning));
    begins && (text.starts_with(char::is_uppercase) || start.contains(|c: char| c >= '\u{1ea0}'))
}

/// `C/ Balmes`, `R. do Ouro`.
fn is_abbreviated_street(text: &str) -> bool {
    ["C/", "c/", "R. ", "V. ", "Gran V"].iter().any(|start| text.starts_with(start)) && !is_care_of(text)
}

fn is_organisation(text: &str, words: &[String]) -> bool {
    let last = words.last().map(String::as_str).unwrap_or_default();
    let compact = last.len() <= 2 && words.len() >= 2;
    // "S.p.A.", "Sp. z o.o." and "e.U." come apart at their dots.
    const DOTTED: &[&str] = &[
        "s.r.l",
        "s.p.a",
        "s.a.",
        "s.l.",
        "o.o.",
        "e.u.",
        "e.k.",
        "b.v.",
        "n.v.",
        "s.n.c",
        "a.s.",
        "a.ş.",
        "ltd. şti",
        "d.o.o",
        "s.r.o",
        "r.l.",
        "s.c.",
        "e.v.",
        "ذ.م.م",
        "m.b.h",
    ];
    let dotted = || {
        let lower = text.to_lowercase();
        DOTTED.iter().any(|form| lower.contains(form))
    };
    let unspaced = || ["株式会社", "有限公司", "주식회사", "شركة"].iter().any(|form| text.contains(form));
    let marked = words.iter().skip(1).any(|word| word.len() > 2 && ORGANISATION.contains(word))
        || compact && ORGANISATION.contains(last) && text.ends_with(char::is_uppercase)
        || text.contains('.') && dotted()
        || !text.is_ascii() && unspaced()
        || words
            .first()
            .is_some_and(|word| matches!(word.as_str(), "ооо" | "зао" | "ао" | "пао" | "ип" | "тов" | "firma"));
    marked && !words.iter().any(|word| word.len() > 3 && is_street_word(word) && words.len() < 5)
}

/// Running text: several words in lower case that no address has.
pub(super) fn is_prose(text: &str) -> bool {
    let count = text
        .split_whitespace()
        .filter(|word| word.chars().next().is_some_and(char::is_lowercase) && word.chars().count() > 2)
        .filter(|word| {
            let word = fold(word);
            !PARTICLE.contains(&word) && !is_street_word(&word) && !EXTRA.contains(&word)
        })
        .count();
    count >= 3
}

/// A capitalised name with a house number after or before it.
fn is_name_with_number(text: &str) -> bool {
    let mut parts: Vec<&str> = text.split_whitespace().collect();
    let house = |part: &str| {
        let part = part.trim_matches(|c: char| matches!(c, '.' | ')' | '('));
        part.len() <= 9
            && part.chars().next().is_some_and(|c| c.is_ascii_digit() || c == '#')
            && part.chars().filter(char::is_ascii_digit).count() <= 6
            && part.chars().filter(|c| c.is_alphabetic()).count() <= 3
    };
    let name =
        |part: &&str| part.chars().filter(|c| c.is_alphabetic()).count() >= 3 && part.starts_with(char::is_uppercase);
    if parts.len() > 8 || parts.len() < 2 {
        return false;
    }
    // A letter may stand apart from its number: "Stolarska 8 a", "Balmes 129 bis".
    if parts
        .last()
        .is_some_and(|part| part.len() == 1 && part.chars().all(char::is_alphabetic) || matches!(*part, "bis" | "ter"))
    {
        parts.pop();
    }
    parts.iter().any(name)
        && (parts.last().is_some_and(|part| house(part))
            || parts.first().is_some_and(|part| house(part) && !part.ends_with('.')))
}

/// Few words that begin with a capital (or have no case at all).
pub(super) fn is_plain(text: &str) -> bool {
    let text = ["г. ", "г.", "м. ", "город ", "гр. ", "TP.", "Tp.", "tp.", "thành phố "]
        .iter()
        .find_map(|mark| text.strip_prefix(mark))
        .unwrap_or(text)
        .trim_start();
    let mut count = 0;
    for word in text.split_whitespace() {
        count += 1;
        let Some(first) = word.chars().find(|c| c.is_alphanumeric()) else { continue };
        if first.is_lowercase() && !PARTICLE.contains(&fold(word)) && !word.contains(['\'', '’']) {
            return false;
        }
    }
    (1..=6).contains(&count) && text.chars().next().is_some_and(|c| c.is_alphabetic() || c == '\'' || c == '’')
}

/// Whether a lower-case word may stand within the name of a place.
pub(super) fn is_particle(word: &str) -> bool {
    PARTICLE.contains(&fold(word))
}

/// The city whose name begins like a telephone number.
pub(super) fn is_tel_aviv(text: &str) -> bool {
    text.get(..8).is_some_and(|start| matches!(start.to_ascii_lowercase().as_str(), "tel aviv" | "tel-aviv"))
}

/// Whether a word cannot be part of a city's name.
pub(super) fn is_noise_word(word: &str) -> bool {
    let word = fold(word);
    NOISE.contains(&word) || MONTH.contains(&word) && word.len() > 3
}
