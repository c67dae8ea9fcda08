//! Where on a site a line stands: what its page is for, and whether the block
//! around it speaks of the company or of somebody else (customers, partners,
//! the agency that made the site, authorities).

use crate::page::{Line, Page, Region};

/// What a page is for, as far as contact data care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The home page.
    Home,
    /// Imprint, legal notice, company profile table.
    Imprint,
    /// Contact page.
    Contact,
    /// Team, management, about.
    Team,
    /// Open positions.
    Careers,
    /// Privacy and terms.
    Privacy,
    /// News, blog, references: other people's names and numbers are common.
    News,
    /// Any other.
    Other,
}

const IMPRINT: &[&str] = &[
    "impressum",
    "imprint",
    "legal-notice",
    "legal_notice",
    "mentions-legales",
    "mentions_legales",
    "aviso-legal",
    "aviso_legal",
    "note-legali",
    "colofon",
    "legal-information",
    "corporate-info",
    "会社概要",
    "企業情報",
    "特定商取引",
    "tokutei",
    "company-info",
    "impresszum",
    "tiedot",
    "rekvizit",
    "реквизиты",
    "rekvizity",
    "disclosure",
    "informations-legales",
    "anbieterkennzeichnung",
    "dane-firmy",
    "dane-rejestrowe",
    "yasal",
    "künye",
    "mentions légales",
    "aviso legal",
    "note legali",
    "legal notice",
];
const CONTACT: &[&str] = &[
    "contact",
    "kontakt",
    "contatti",
    "contatt",
    "contato",
    "contacto",
    "kapcsolat",
    "yhteys",
    "iletisim",
    "iletişim",
    "контакт",
    "お問い合わせ",
    "お問合せ",
    "アクセス",
    "联系",
    "聯繫",
    "聯絡",
    "연락",
    "오시는",
    "اتصل",
    "تواصل",
    "צור-קשר",
    "צור קשר",
    "επικοινων",
    "epikoinonia",
    "get-in-touch",
    "standort",
    "branches",
    "locations",
    "filialen",
    "liên hệ",
    "lien-he",
    "hubungi",
    "ansprechpartner",
    "kontak",
    "inquiry",
    "toiawase",
    "lianxi",
];
const TEAM: &[&str] = &[
    "team",
    "people",
    "leadership",
    "management",
    "equipe",
    "équipe",
    "equipo",
    "staff",
    "about",
    "ueber-uns",
    "über uns",
    "ueber_uns",
    "uber-uns",
    "unternehmen",
    "company",
    "chi-siamo",
    "quienes-somos",
    "nosotros",
    "empresa",
    "a-propos",
    "qui-sommes",
    "om-oss",
    "om-os",
    "over-ons",
    "o-nas",
    "o-firmie",
    "o-kompanii",
    "о компании",
    "о нас",
    "会社",
    "关于",
    "關於",
    "회사",
    "소개",
    "من نحن",
    "hakkimizda",
    "hakkımızda",
    "professionisti",
    "lo-studio",
    "sobre",
    "rolunk",
    "meista",
    "yritys",
    "kurumsal",
    "board",
];
const CAREERS: &[&str] = &[
    "career",
    "karriere",
    "jobs",
    "job.",
    "/job",
    "jobb",
    "stellen",
    "vacanc",
    "vacature",
    "recruit",
    "recrut",
    "empleo",
    "trabalhe",
    "lavora",
    "praca",
    "kariera",
    "работа",
    "ваканси",
    "vakans",
    "採用",
    "招聘",
    "채용",
    "وظائف",
    "rekry",
    "bewerbung",
    "emploi",
    "kariyer",
    "hiring",
];
const PRIVACY: &[&str] = &[
    "privacy",
    "datenschutz",
    "confidentialite",
    "confidentialité",
    "privacidad",
    "privacidade",
    "prywatnosc",
    "prywatności",
    "integritet",
    "personvern",
    "tietosuoja",
    "gdpr",
    "rgpd",
    "cookie",
    "terms",
    "agb",
    "conditions",
    "condizioni",
    "condiciones",
    "политик",
    "policy",
    "policies",
    "プライバシー",
    "隐私",
    "개인정보",
    "خصوصية",
    "gizlilik",
    "kvkk",
    "adatvedel",
    "adatkezel",
    "ochrana-osobnich",
    "widerruf",
];
const NEWS: &[&str] = &[
    "news",
    "blog",
    "aktuell",
    "presse",
    "press",
    "artikel",
    "article",
    "magazin",
    "journal",
    "nachrichten",
    "notizie",
    "noticias",
    "nouvelles",
    "actualit",
    "aktualnosci",
    "nyheter",
    "nyheder",
    "uutiset",
    "новости",
    "お知らせ",
    "新闻",
    "뉴스",
    "testimonial",
    "reference",
    "referenz",
    "referenser",
    "kunden",
    "customers",
    "case-stud",
    "success",
    "portfolio",
    "projekte",
    "events",
    "veranstaltung",
    "webinar",
    "podcast",
    "partner",
    "reviews",
    "haber",
];

/// What a page is for, by its address, then by its title and first heading.
pub(crate) fn kind(page: &Page) -> Kind {
    let path = percent_encoding::percent_decode_str(page.url.path()).decode_utf8_lossy().to_lowercase();
    let bare = path.trim_matches('/');
    if bare.is_empty() || matches!(bare, "index.html" | "index.php" | "index.htm" | "home") || is_language(bare) {
        return Kind::Home;
    }
    if let Some(kind) = by_words(&path) {
        return kind;
    }
    let heading = page.lines.iter().find(|line| line.heading == 1).map_or("", |line| line.text.as_str());
    let title = page.title.split(['|', '–', '—']).next().unwrap_or_default();
    by_words(&heading.to_lowercase()).or_else(|| by_words(&title.to_lowercase())).unwrap_or(Kind::Other)
}

fn is_language(path: &str) -> bool {
    path.len() == 2 || (path.len() == 5 && path.as_bytes().get(2).is_some_and(|b| matches!(b, b'-' | b'_')))
}

fn by_words(text: &str) -> Option<Kind> {
    let text = crate::page::prefix(text, 300);
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let kinds: [(&[&str], Kind); 6] = [
        (PRIVACY, Kind::Privacy),
        (IMPRINT, Kind::Imprint),
        (CONTACT, Kind::Contact),
        (CAREERS, Kind::Careers),
        (NEWS, Kind::News),
        (TEAM, Kind::Team),
    ];
    kinds.into_iter().find(|(words, _)| has(words)).map(|(_, kind)| kind)
}

/// Words that head a block about somebody else.
const FOREIGN: &[&str] = &[
    // Who made or hosts the site.
    "webdesign",
    "web design",
    "web-design",
    "website by",
    "site by",
    "designed by",
    "design by",
    "developed by",
    "powered by",
    "built by",
    "umsetzung",
    "konzeption",
    "konzept und",
    "konzept &",
    "konzept, design",
    "realisierung",
    "technische realisation",
    "programmierung",
    "website-erstellung",
    "gestaltung",
    "webagentur",
    "internetagentur",
    "hosting",
    "hébergement",
    "hébergeur",
    "hebergeur",
    "hebergement",
    "conception",
    "réalisation",
    "création du site",
    "site réalisé",
    "site web réalisé",
    "diseño",
    "desarrollo web",
    "alojamiento",
    "realizzazione",
    "sito realizzato",
    "sviluppo sito",
    "desenvolvido por",
    "desenvolvimento",
    "criação",
    "realizacja",
    "projekt i wykonanie",
    "wykonanie",
    "webbyrå",
    "producerad av",
    "webbureau",
    "toteutus",
    "разработка сайта",
    "создание сайт",
    "сайт разработан",
    "дизайн сайта",
    "制作",
    "技术支持",
    "홈페이지 제작",
    "تصميم وتطوير",
    "tasarım",
    "készítette",
    "vytvořil",
    "tvorba web",
    "bildnachweis",
    "bildrechte",
    "bildquellen",
    "fotos:",
    "fotografie:",
    "photo credit",
    "crédits photo",
    "crédit photo",
    "fotografía:",
    "fotografie von",
    // Authorities.
    "aufsichtsbehörde",
    "aufsichtsbehoerde",
    "supervisory authority",
    "autorité de contrôle",
    "autoridad de control",
    "schlichtungsstelle",
    "streitbeilegung",
    "verbraucherschlichtung",
    "dispute resolution",
    "médiateur",
    "mediateur",
    "médiation",
    "beschwerderecht",
    "datenschutzbeauftragte",
    "data protection officer",
    "délégué à la protection",
    "data protection authority",
    "ombudsman",
    "garante",
    "tillsynsmyndighet",
    "zuständige kammer",
    "berufskammer",
    "organ nadzorczy",
    "right to complain",
    "lodge a complaint",
    "berufshaftpflicht",
    "versicherer",
    // Customers, partners, the press.
    "testimonial",
    "kundenstimmen",
    "das sagen",
    "what our c",
    "what our customers",
    "what clients",
    "client stories",
    "customer stories",
    "témoignage",
    "testimonio",
    "testimonianze",
    "ils nous font confiance",
    "opinie klient",
    "отзывы",
    "kundomdömen",
    "客户评价",
    "お客様の声",
    "고객 후기",
    "آراء العملاء",
    "müşteri yorum",
    "our partners",
    "partnerbetriebe",
    "unsere partner",
    "partenaires",
    "nuestros socios",
    "i nostri partner",
    "nasi partnerzy",
    "партнеры",
    "партнёры",
    "våra partners",
    "our distributors",
    "pressekontakt agentur",
    "pr-agentur",
    "press agency",
    "pr agency",
    "presseagentur",
    "media agency",
    "agence de presse",
    "agencia de prensa",
    "press contact (agency",
    "ufficio stampa esterno",
];

/// Classes (parts of them) of blocks about somebody else.
const FOREIGN_CLASSES: &[&str] = &[
    "testimonial",
    "review",
    "quote",
    "customer-voice",
    "customers-say",
    "partner",
    "client",
    "credit",
    "webdesign",
    "designer",
    "made-by",
    "madeby",
    "author",
    "comment",
    "dealer",
    "distributor",
];

/// For each line of a page, whether it stands in a block about somebody else.
pub(crate) fn foreign(page: &Page) -> Vec<bool> {
    let by_class = foreign_elements(page);
    let mut out: Vec<bool> = Vec::with_capacity(page.lines.len());
    let mut block = Block::Own;
    for (at, line) in page.lines.iter().enumerate() {
        block = block.next(page, at, line);
        let class = by_class.get(line.element as usize).copied().unwrap_or(false);
        out.push(class || block != Block::Own);
    }
    out
}

/// Elements within a block whose class says that it is about somebody else.
/// Parents come before their children, so one pass will do.
fn foreign_elements(page: &Page) -> Vec<bool> {
    let mut out: Vec<bool> = Vec::with_capacity(page.elements.len());
    for (at, element) in page.elements.iter().enumerate() {
        let inherited = (element.parent as usize) < at && out.get(element.parent as usize).copied().unwrap_or(false);
        let own = element.name == "blockquote"
            || (!matches!(element.name, "body" | "html" | "main")
                && [&element.class, &element.id].into_iter().any(|words| {
                    FOREIGN_CLASSES.iter().any(|class| words.contains(class)) && !words.contains("contact")
                }));
        out.push(inherited || own);
    }
    out
}

/// The block being read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Block {
    /// About the company.
    Own,
    /// Below a heading about somebody else, of this level.
    Section(u8),
    /// In a paragraph about somebody else.
    Paragraph(u32),
    /// After a short line that announces somebody else: the next paragraph.
    Announced(u32),
}

impl Block {
    fn next(self, page: &Page, at: usize, line: &Line) -> Self {
        let starts = announces(line);
        if line.heading > 0 {
            return match (starts, self) {
                (true, _) => Self::Section(line.heading),
                (false, Self::Section(level)) if line.heading > level => self,
                _ => Self::Own,
            };
        }
        if starts {
            let alone = page.lines.get(at + 1).is_none_or(|next| next.element != line.element);
            let before = at.checked_sub(1).and_then(|i| page.lines.get(i)).is_some_and(|l| l.element == line.element);
            let short = line.text.chars().count() <= 60;
            return match self {
                Self::Section(_) => self,
                _ if alone && !before && short => Self::Announced(line.element),
                _ => Self::Paragraph(line.element),
            };
        }
        match self {
            Self::Paragraph(element) if element != line.element => Self::Own,
            Self::Announced(element) if element != line.element => Self::Paragraph(line.element),
            Self::Section(_) if line.region == Region::Footer && !in_footer_before(page, at) => Self::Own,
            other => other,
        }
    }
}

fn in_footer_before(page: &Page, at: usize) -> bool {
    at.checked_sub(1).and_then(|i| page.lines.get(i)).is_some_and(|line| line.region == Region::Footer)
}

/// Whether a line says that somebody else is spoken of. In headings the words
/// may stand anywhere, in text only at the beginning or in a short line.
fn announces(line: &Line) -> bool {
    let head = crate::page::prefix(&line.text, 90).to_lowercase();
    let short = line.text.len() <= 90;
    FOREIGN.iter().any(|word| head.find(word).is_some_and(|at| at == 0 || (short && starts_word(&head, at))))
}

fn starts_word(text: &str, at: usize) -> bool {
    text.get(..at).and_then(|before| before.chars().next_back()).is_none_or(|c| !c.is_alphabetic() || c > '\u{2e80}')
}

/// The heading above each line, as an index of its line.
pub(crate) fn headings(page: &Page) -> Vec<Option<u32>> {
    let mut current = None;
    let mut out = Vec::with_capacity(page.lines.len());
    for (at, line) in (0u32..).zip(&page.lines) {
        if line.heading > 0 {
            current = Some(at);
        }
        out.push(current);
    }
    out
}
