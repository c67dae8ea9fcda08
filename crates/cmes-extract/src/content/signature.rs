//! The end of a message: who writes, in what position, for which company, and
//! where to reach them.

use crate::facts::people::{lines, matching, name, titles};
use crate::facts::phones::{labels::Label, spoken};

/// What stands below a message.
#[derive(Clone, Debug, Default)]
pub(super) struct Signature {
    /// The lines from the closing words on.
    pub start: usize,
    pub end: usize,
    /// Name, title and the line in which the name stands.
    pub person: Option<(String, String, String)>,
}

const CLOSINGS: &[&str] = &[
    "best regards",
    "kind regards",
    "warm regards",
    "regards",
    "best wishes",
    "best,",
    "all the best",
    "sincerely",
    "yours sincerely",
    "yours faithfully",
    "yours truly",
    "many thanks",
    "thanks,",
    "thank you,",
    "thanks!",
    "cheers",
    "with best regards",
    "with kind regards",
    "respectfully",
    "cordially",
    "warmly",
    "br,",
    "kr,",
    "thanks and regards",
    "thanks & regards",
    "rgds",
    "mit freundlichen grüßen",
    "mit freundlichen grüssen",
    "mit freundlichem gruß",
    "freundliche grüße",
    "freundliche grüsse",
    "beste grüße",
    "beste grüsse",
    "viele grüße",
    "viele grüsse",
    "liebe grüße",
    "herzliche grüße",
    "herzliche grüsse",
    "schöne grüße",
    "mit besten grüßen",
    "mfg",
    "vg",
    "lg",
    "mit herzlichen grüßen",
    "freundlicher gruss",
    "gruß",
    "grüße",
    "hochachtungsvoll",
    "cordialement",
    "bien cordialement",
    "salutations",
    "meilleures salutations",
    "sincères salutations",
    "bien à vous",
    "cdlt",
    "cdt",
    "bonne journée",
    "bonne réception",
    "respectueusement",
    "sincèrement",
    "amicalement",
    "avec mes meilleures salutations",
    "je vous prie",
    "saludos",
    "un saludo",
    "atentamente",
    "saludos cordiales",
    "cordiales saludos",
    "atte",
    "cordialmente",
    "muchas gracias",
    "un cordial saludo",
    "reciba un cordial saludo",
    "quedo a la espera",
    "cordiali saluti",
    "distinti saluti",
    "saluti",
    "un saluto",
    "buona giornata",
    "grazie,",
    "un cordiale saluto",
    "atenciosamente",
    "cumprimentos",
    "com os melhores cumprimentos",
    "melhores cumprimentos",
    "att.",
    "att,",
    "abraços",
    "abraço",
    "obrigado",
    "obrigada",
    "grato",
    "с уважением",
    "с наилучшими",
    "всего доброго",
    "всего наилучшего",
    "с найкращими",
    "з повагою",
    "спасибо",
    "хорошего дня",
    "pozdrawiam",
    "z poważaniem",
    "z wyrazami szacunku",
    "serdecznie pozdrawiam",
    "łączę pozdrowienia",
    "met vriendelijke groet",
    "met vriendelijke groeten",
    "vriendelijke groet",
    "vriendelijke groeten",
    "groeten",
    "groet",
    "groetjes",
    "hartelijke groet",
    "hoogachtend",
    "mvg",
    "met hartelijke groet",
    "med vänlig hälsning",
    "med vänliga hälsningar",
    "vänliga hälsningar",
    "hälsningar",
    "mvh",
    "med venlig hilsen",
    "venlig hilsen",
    "med vennlig hilsen",
    "vennlig hilsen",
    "hilsen",
    "bedste hilsner",
    "ystävällisin terveisin",
    "terveisin",
    "parhain terveisin",
    "yst.terv",
    "bästa hälsningar",
    "s pozdravem",
    "s pozdravom",
    "üdvözlettel",
    "tisztelettel",
    "cu stima",
    "cu stimă",
    "cu respect",
    "lp,",
    "lep pozdrav",
    "lijep pozdrav",
    "srdačan pozdrav",
    "s poštovanjem",
    "с уважение",
    "με εκτίμηση",
    "pagarbiai",
    "lugupidamisega",
    "ar cieņu",
    "saygılarımla",
    "saygılar",
    "iyi çalışmalar",
    "kolay gelsin",
    "مع تحيات",
    "تحياتي",
    "مع خالص",
    "وتفضلوا",
    "مع التحية",
    "בברכה",
    "با احترام",
    "よろしくお願い",
    "敬具",
    "以上",
    "此致",
    "敬礼",
    "祝好",
    "顺颂商祺",
    "감사합니다",
    "드림",
    "trân trọng",
    "salam",
    "hormat kami",
];

/// Whether a line closes a message.
fn closes(line: &str) -> bool {
    let line = line.trim();
    if line.is_empty() || line.chars().count() > 80 {
        return false;
    }
    let lower = line.to_lowercase();
    CLOSINGS.iter().any(|words| {
        lower.strip_prefix(words).is_some_and(|rest| {
            let short = rest.chars().count() <= 40;
            short
                && (words.ends_with([',', '.', '!'])
                    || rest.chars().next().is_none_or(|c| !c.is_alphanumeric())
                    || words.chars().any(titles::is_unspaced))
        })
    })
}

const LONGEST: usize = 30;

/// Finds the signature of a message. `sender` is the name in its header.
pub(super) fn find(text: &[String], sender: &str) -> Option<Signature> {
    let end = text.iter().rposition(|line| !line.trim().is_empty())? + 1;
    let lines = text.get(..end)?;
    let delimiter = lines.iter().rposition(|line| matches!(line.trim_end_matches('\r'), "-- " | "--"));
    let from = end.saturating_sub(60);
    let closing = (from..end).rev().find(|at| lines.get(*at).is_some_and(|line| closes(line)));
    let closing = match (closing, delimiter) {
        // A closing word below the delimiter belongs to the disclaimer.
        (Some(closing), Some(delimiter)) if closing > delimiter => {
            (from..delimiter).rev().find(|at| lines.get(*at).is_some_and(|line| closes(line)))
        }
        (closing, _) => closing,
    };
    let start = match (closing, delimiter) {
        (Some(closing), _) => Some(closing),
        (None, Some(delimiter)) => Some(delimiter),
        (None, None) => named(lines, sender),
    };
    let start = start.or_else(|| trailing(lines))?;
    let end = end.min(start + LONGEST + 1);
    let lines = lines.get(start..end)?;
    Some(Signature { start, end, person: person(lines, sender) })
}

/// A line near the end that is the sender's name, or a name followed by a
/// title or contact data.
fn named(lines: &[String], sender: &str) -> Option<usize> {
    let from = lines.len().saturating_sub(20);
    let tells = |at: usize| lines.iter().skip(at + 1).take(4).any(|line| titles::is_title(line) || is_detail(line));
    (from..lines.len()).find(|at| {
        lines.get(*at).is_some_and(|line| {
            let who = stripped(line);
            let found = name::read(who).is_some_and(|name| shares_word(&name, sender) || tells(*at));
            found || (!lines::read(who).is_empty() && tells(*at))
        })
    })
}

/// The last lines, if they hold contact data.
fn trailing(lines: &[String]) -> Option<usize> {
    let from = lines.len().saturating_sub(8);
    let start = lines
        .iter()
        .enumerate()
        .skip(from)
        .rev()
        .take_while(|(_, line)| !line.trim().is_empty())
        .last()
        .map(|(at, _)| at)?;
    let block = lines.get(start..)?;
    (block.len() > 1
        && block.iter().filter(|line| is_detail(line)).count() >= 1
        && block.iter().all(|line| line.chars().count() < 120))
    .then_some(start)
}

fn is_detail(line: &str) -> bool {
    line.contains('@') && line.chars().count() < 100
        || line.chars().filter(|c| c.is_numeric()).count() >= 7 && line.chars().count() < 100
        || line.trim_start().starts_with("www.")
        || line.trim_start().starts_with("http")
}

/// `i. V. Max Muster`, `ppa.`: who signs for the company says so.
fn stripped(line: &str) -> &str {
    let mut rest =
        line.trim().trim_start_matches(['*', '-', '—', '–', '_', '|', ' ']).trim_end_matches(['*', ',', '|', ' ', '_']);
    for lead in [
        "i. V.",
        "i.V.",
        "i. A.",
        "i.A.",
        "I.A.",
        "I.V.",
        "ppa.",
        "p.p.",
        "pp.",
        "per procura",
        "p.o.",
        "P.O.",
        "Dein ",
        "Deine ",
        "Ihr ",
        "Ihre ",
    ] {
        rest = rest.strip_prefix(lead).unwrap_or(rest).trim_start();
    }
    rest
}

/// Whether two names are one person's.
pub(super) fn shares_word(name: &str, sender: &str) -> bool {
    let (a, b) = (matching::key(name), matching::key(sender));
    !b.is_empty() && a.split(' ').any(|word| word.chars().count() > 1 && b.split(' ').any(|other| other == word))
}

/// The person and their title.
fn person(lines: &[String], sender: &str) -> Option<(String, String, String)> {
    let mut best: Option<(String, String, String)> = None;
    for (at, line) in lines.iter().enumerate().take(10) {
        let who = stripped(if at == 0 && closes(line) { after_closing(line) } else { line });
        let inline = lines::read(who).into_iter().next();
        let found = match (name::read(who), inline) {
            (Some(name), _) if !titles::is_title(who) => {
                let title = title_below(lines, at).unwrap_or_default();
                Some((name, title))
            }
            (_, Some(named)) => Some((named.name, named.title)),
            _ => first_segment(who).map(|name| (name, title_below(lines, at).unwrap_or_default())),
        };
        let Some((name, title)) = found else { continue };
        let mine = sender.is_empty() && (!title.is_empty() || at <= 1) || shares_word(&name, sender);
        if mine {
            return Some((name, title, line.trim().to_owned()));
        }
        best = best.or(Some((name, title, line.trim().to_owned())));
    }
    // Another name than the header's may be the company's line taken for one.
    best.filter(|(_, title, _)| !title.is_empty())
}

fn after_closing(line: &str) -> &str {
    line.split_once(", ").map_or("", |(_, rest)| rest)
}

/// `Ann Lee | Acme Ltd`: the name before a bar.
fn first_segment(line: &str) -> Option<String> {
    let (first, _) = line.split_once(['|', '·', '•'])?;
    name::read(first)
}

/// The title in the next lines.
fn title_below(lines: &[String], at: usize) -> Option<String> {
    let mut candidates = lines.iter().skip(at + 1).filter(|line| !line.trim().is_empty()).take(2);
    candidates.find_map(|line| {
        let line = line.trim().trim_matches(['*', '_']);
        if titles::is_title(line) && !line.contains(" | ") && !line.contains(" · ") {
            return Some(lines::clean(line));
        }
        let first = line.split(['|', '·', '•']).next().unwrap_or_default();
        let first = first.split(" - ").next().unwrap_or_default().split(" @ ").next().unwrap_or_default();
        let first = first.split(", ").take_while(|part| titles::is_title(part)).collect::<Vec<_>>().join(", ");
        titles::is_title(&first).then(|| lines::clean(&first))
    })
}

/// Telephone numbers of a line that are no fax, with what is said of them.
pub(super) fn phones(line: &str, regions: &[&str], trusted: bool) -> Vec<String> {
    let found = spoken(line, regions, || None);
    let accepted = found.into_iter().filter(|spoken| match spoken.label {
        Some(Label::Fax | Label::Other) => false,
        Some(_) => true,
        None => spoken.international || trusted && line.chars().count() <= 120,
    });
    accepted.map(|spoken| spoken.number.text).collect()
}

const FORMS: &[&str] = &[
    "gmbh",
    "mbh",
    "ag",
    "kg",
    "ohg",
    "ug",
    "e.k.",
    "e.v.",
    "eg",
    "ltd",
    "ltd.",
    "limited",
    "plc",
    "llp",
    "llc",
    "inc",
    "inc.",
    "corp",
    "corp.",
    "corporation",
    "pty",
    "sa",
    "s.a.",
    "sas",
    "sarl",
    "eurl",
    "s.a.s.",
    "s.a.r.l.",
    "srl",
    "s.r.l.",
    "spa",
    "s.p.a.",
    "snc",
    "s.l.",
    "sl",
    "s.l.u.",
    "slu",
    "bv",
    "b.v.",
    "nv",
    "n.v.",
    "vof",
    "oy",
    "oyj",
    "ab",
    "as",
    "a/s",
    "aps",
    "asa",
    "sp.",
    "kft",
    "kft.",
    "zrt.",
    "zrt",
    "s.r.o.",
    "a.s.",
    "d.o.o.",
    "a.ş.",
    "şti.",
    "lda",
    "lda.",
    "ltda",
    "ltda.",
    "ооо",
    "зао",
    "оао",
    "пао",
    "ао",
    "ип",
    "тоо",
    "тов",
    "sàrl",
    "co.,ltd",
    "co.,ltd.",
    "pvt",
    "bhd",
    "pte",
    "gbr",
];

/// The company in a line of a signature; `brand` is the first part of its domain.
pub(super) fn company(line: &str, brand: &str) -> Option<String> {
    let parts = line
        .split(['|', '·', '•', '\t'])
        .flat_map(|part| part.split(" - "))
        .flat_map(|part| part.split(" – "))
        .flat_map(|part| part.split(" // "));
    for part in parts {
        let part = part.trim().trim_matches(['*', ',', '_', ' ']);
        if part.is_empty()
            || part.chars().count() > 80
            || part.contains(['@', ':'])
            || part.split_whitespace().count() > 9
            || part.to_lowercase().starts_with("www.")
        {
            continue;
        }
        let lower = part.to_lowercase();
        let form = lower.split([' ', ',']).any(|word| FORMS.contains(&word))
            || ["株式会社", "有限会社", "有限公司", "주식회사", "(주)", "شركة"].iter().any(|form| part.contains(form));
        let has_form = form && (part.split_whitespace().count() >= 2 || part.chars().any(titles::is_unspaced));
        if has_form
            && !lower.starts_with("registered")
            && !lower.contains("amtsgericht")
            && part.chars().filter(char::is_ascii_digit).count() <= 4
        {
            return Some(part.to_owned());
        }
        let first = part.split(", ").next().unwrap_or(part);
        if is_brand(first, brand) {
            return Some(first.to_owned());
        }
    }
    None
}

/// Whether words spell a domain's first part.
fn is_brand(words: &str, brand: &str) -> bool {
    let fold = |text: &str| matching::key(text).chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let (words_folded, brand) = (fold(words), fold(brand));
    let url = words.contains('.') && !words.contains(' ');
    brand.len() >= 3 && words_folded == brand && !url
}
