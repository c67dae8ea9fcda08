//! Words and addresses that give a number to another organisation.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::labels;
use super::setting::starts_word;
use crate::facts::emails::owners::{self, Owner};
use crate::facts::emails::{ranks, scan};
use crate::page::{Link, Page, Region};
use crate::words::Lists;

/// What a word before a number says of whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Other {
    /// An authority by its name or kind.
    Authority,
    /// A firm that works for the company or sells for it, when a name follows.
    Trade,
}

const AUTHORITIES: &[&str] = &[
    "datatilsynet",
    "integritetsskyddsmyndigheten",
    "tietosuojavaltuutet",
    "personuvernd",
    "information commissioner",
    "data protection commission",
    "data protection authority",
    "landesbeauftragte",
    "bundesbeauftragte",
    "datenschutzbehörde",
    "aufsichtsbehörde",
    "gewerbeaufsicht",
    "handwerkskammer",
    "ärztekammer",
    "cnil",
    "commission nationale de l'informatique",
    "commission nationale de l’informatique",
    "agencia española de protección",
    "agencia de protección de datos",
    "superintendencia de",
    "garante per la protezione",
    "autoriteit persoonsgegevens",
    "gegevensbeschermingsautoriteit",
    "urząd ochrony danych",
    "urzędu ochrony danych",
    "úřad pro ochranu osobních",
    "úrad na ochranu osobných",
    "adatvédelmi és információszabadság",
    "comissão nacional de prote",
    "autoridade nacional de prote",
    "роскомнадзор",
    "česká obchodní inspekce",
    "registered agent",
    "nurse-on-call",
    "nurse on call",
    "poisons information",
    "poison control",
    "crisis line",
    "emergency services",
    "giftnotruf",
    // Carriers.
    "postnl",
    "dhl",
    "fedex",
    "dpd",
    "gls",
    "royal mail",
    "bpost",
    "postnord",
    "inpost",
    "colissimo",
    "chronopost",
    "poste italiane",
    "correos",
    "deutsche post",
    "zásilkovn",
    "aramex",
    "сдэк",
    "почта россии",
    "нова пошта",
    "ヤマト運輸",
    "佐川急便",
    "日本郵便",
    "顺丰",
    "우체국",
    "대한통운",
    // Employment offices.
    "agentur für arbeit",
    "pôle emploi",
    "france travail",
    "ärztlicher bereitschaftsdienst",
    "verbraucherzentrale",
    "guardia medica",
    "centre antipoison",
    "livro de reclamações",
    "békéltető testület",
    "kormányhivatal",
    "fogyasztóvédelm",
    "tárhelyszolgáltató",
    "protecția consumator",
    "konsumentverket",
    "forbrugerklage",
    "forbrukertilsynet",
    "kuluttajariita",
    "роспотребнадзор",
    "комисия за защита",
    "αρχή προστασίας",
    "개인정보침해",
    "개인정보 침해",
    "분쟁조정",
    "대검찰청",
    "경찰청",
    "호스팅",
    "消費生活センター",
    "個人情報保護委員会",
    "消费者协会",
    "开户行",
    "取引銀行",
    "הרשות להגנת",
    "حماية المستهلك",
];

const TRADE: &[&str] = &[
    // Who sells for it elsewhere.
    "agente per",
    "agenti per",
    "agente di zona",
    "rappresentante per",
    "rappresentanza per",
    "concessionario",
    "distributore per",
    "agent for",
    "agents for",
    "representative for",
    "representative in",
    "distributor for",
    "dealer in",
    "représentant pour",
    "agent pour",
    "distributeur pour",
    "representante para",
    "representante en",
    "representante em",
    "distribuidor en",
    "distribuidor para",
    "distribuidor em",
    "vertretung für",
    "vertretung in",
    "vertriebspartner",
    "handelsvertretung",
    "importeur",
    "przedstawiciel na",
    "dystrybutor na",
    "zástupce pro",
    "zástupca pre",
    "distributor pro",
    "vertegenwoordiger voor",
    "forhandler i",
    "återförsäljare i",
    "представитель в",
    "дилер в",
    // Who works for it.
    "agente aduanal",
    "agente de aduanas",
    "customs broker",
    "our supplier",
    "our contractor",
    "our accountant",
    "our insurer",
    "general contractor",
    "proveedor",
    "fornecedor",
    "fornitore",
    "fournisseur",
    "lieferant",
    "dodavatel",
    "dostawca",
    "beszállító",
    "leverandør",
    "leverantör",
    "поставщик",
    "trattamenti presso",
    "lavorazioni presso",
    "sous-traitant",
    "subunternehmer",
    "nachunternehmer",
    "in zusammenarbeit mit",
    "in cooperation with",
    "in collaborazione con",
    "en colaboración con",
    "en collaboration avec",
    "photography:",
    "photo:",
    "foto:",
    "photos:",
    "structural:",
    "our partner",
    "unser partner",
    "notre partenaire",
    "nuestro socio",
    "il nostro partner",
    "onze partner",
    "vår partner",
    "vores partner",
    "nasz partner",
    "náš partner",
    "naš partner",
    "partnerünk",
    "beszállítóink",
    "alvállalkozó",
    "könyvelőnk",
    "наш партнер",
    "наш партнёр",
    "подрядчик",
    "представник в",
    "αντιπρόσωπος",
    "συνεργάτης μας",
    "anlaşmalı",
    "importator",
    "uvoznik",
    "zastopnik za",
    "zastupnik za",
];

static OTHERS: LazyLock<Lists<Other>> =
    LazyLock::new(|| Lists::new([(Other::Authority, AUTHORITIES), (Other::Trade, TRADE)]));

/// Whether the words before a number give it to an authority, or to a firm of
/// some trade that is named after the word (`our supplier Example Ltd, tel.`).
pub(crate) fn given_away(before: &str) -> bool {
    let start = before.ceil_char_boundary(before.len().saturating_sub(220));
    let tail = before.get(start..).unwrap_or_default();
    let lower = tail.to_lowercase();
    OTHERS.all(&lower).any(|(other, word)| {
        if !starts_word(&lower, word.start) {
            return false;
        }
        let after = lower.get(word.end..).unwrap_or_default();
        // After a full stop or another number something else is spoken of.
        let ended = after.starts_with(['.', '!', '?'])
            || after.split_inclusive([' ']).any(|word| {
                let bare = word.trim_end();
                bare.ends_with(['.', '!', '?']) && bare.chars().filter(|c| c.is_alphabetic()).count() > 5
            });
        if ended {
            return false;
        }
        match other {
            Other::Authority => true,
            // The letters keep their places where lower case is as long.
            Other::Trade => {
                let written = if lower.len() == tail.len() { tail.get(word.end..).unwrap_or_default() } else { tail };
                written
                    .split(|c: char| !c.is_alphabetic())
                    .filter(|word| word.chars().count() >= 3 && word.starts_with(char::is_uppercase))
                    .count()
                    >= 2
            }
        }
    })
}

/// Hosts (the first part of the domain) that are everybody's: a link there says
/// nothing of whose the words around it are.
const EVERYBODYS: &[&str] = &[
    "facebook",
    "fb",
    "instagram",
    "linkedin",
    "twitter",
    "x",
    "youtube",
    "youtu",
    "tiktok",
    "pinterest",
    "xing",
    "vk",
    "ok",
    "threads",
    "snapchat",
    "wa",
    "whatsapp",
    "t",
    "telegram",
    "viber",
    "m",
    "line",
    "lin",
    "kakao",
    "naver",
    "skype",
    "zalo",
    "weixin",
    "qq",
    "google",
    "goo",
    "g",
    "apple",
    "waze",
    "yandex",
    "2gis",
    "openstreetmap",
    "osm",
    "bing",
    "mapy",
    "here",
    "tripadvisor",
    "booking",
    "yelp",
    "trustpilot",
    "airbnb",
];

/// Longest line whose links are looked at, in bytes.
const LONGEST: usize = 2_000;

/// Whether a number belongs to another house by a link: it stands in the text
/// of one that leads there, or right behind it (`Website: Agency | 0123 4567`).
pub(crate) fn linked_away(page: &Page, line: u32, at: usize, domain: &str) -> bool {
    let text = page.lines.get(line as usize).map_or("", |line| line.text.as_str());
    if text.len() > LONGEST {
        return false;
    }
    let first = page.links.partition_point(|link| link.line < line);
    let links = page.links.iter().skip(first).take_while(|link| link.line == line).take(20);
    links.filter(|link| !link.text.is_empty()).any(|link| {
        let Some(start) = text.find(link.text.as_str()) else { return false };
        let end = start + link.text.len();
        let within = (start..end).contains(&at);
        let behind = || text.get(end..at).is_some_and(|between| between.len() <= 40 && is_label_only(between));
        (within || behind()) && leads_away(link, domain)
    })
}

/// Whether nothing but the label of a number stands in a text.
fn is_label_only(text: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .all(|word| labels::before(word).is_some())
}

/// Whether a link leads to a house of its own.
fn leads_away(link: &Link, domain: &str) -> bool {
    let Some(host) = link.url.as_ref().filter(|url| url.scheme().starts_with("http")).and_then(|url| url.host_str())
    else {
        return false;
    };
    let label = owners::registrable(host).unwrap_or(host).split('.').next().unwrap_or_default();
    !EVERYBODYS.contains(&label) && !matches!(owners::of(&format!("info@{host}"), domain), Owner::Site | Owner::Brand)
}

/// Most lines of a card in which addresses are looked for.
const CARD: u32 = 7;

/// Whether the line, or the small block around it, holds an address of another
/// house and none of the site's own.
pub(crate) fn beside_others_mail(page: &Page, line: u32, domain: &str) -> bool {
    let Some(own) = page.lines.get(line as usize) else { return false };
    // Whether a line holds an address of the site, and one of another house.
    let look = |at: u32| {
        let text = page.lines.get(at as usize).map_or("", |line| line.text.as_str());
        let mut found = (false, false);
        for address in scan::addresses(crate::page::prefix(text, 1_000)) {
            match owners::of(&address, domain) {
                Owner::Other if !owners::has_brand(&address, domain) => found.1 = true,
                Owner::Nobody => {}
                _ => found.0 = true,
            }
        }
        found
    };
    let framed = matches!(own.region, Region::Header | Region::Footer | Region::Nav);
    let mut lines = line..line + 1;
    let mut element = own.element;
    for _ in 0..4 {
        let (ours, others) = lines.clone().map(look).fold((false, false), |a, b| (a.0 || b.0, a.1 || b.1));
        if ours || others {
            return !ours;
        }
        let Some(around) = page.elements.get(element as usize) else { break };
        lines = around.lines.clone();
        if framed || lines.end.saturating_sub(lines.start) > CARD {
            break;
        }
        element = around.parent;
    }
    false
}

/// Whether a page lists other houses: addresses at several other domains stand
/// in its matter, and hardly any of the site's own.
pub(crate) fn is_directory(page: &Page, domain: &str) -> bool {
    let mut own = 0;
    let mut others: HashSet<String> = HashSet::new();
    let matter = |region: Region| matches!(region, Region::Body | Region::Main);
    let lines = page.lines.iter().filter(|line| matter(line.region) && line.text.contains('@'));
    for address in lines.take(300).flat_map(|line| scan::addresses(&line.text)) {
        match owners::of(&address, domain) {
            Owner::Site | Owner::Brand => own += 1,
            Owner::Other if !owners::has_brand(&address, domain) => {
                others.extend(address.rsplit('@').next().map(str::to_owned));
            }
            _ => {}
        }
    }
    others.len() >= 3 && others.len() > own * 2
}

/// Whether any page shows an address at the site's own domain; then addresses
/// elsewhere are not the company's.
pub(crate) fn has_own_mail(pages: &[Page], domain: &str) -> bool {
    !domain.is_empty()
        && pages.iter().any(|page| {
            page.links.iter().any(|link| link.href.contains(domain) && holds_own(&link.href, domain))
                || page.lines.iter().any(|line| line.text.contains(domain) && holds_own(&line.text, domain))
        })
}

/// Whether a text holds an address at the site's domain by which a visitor
/// reaches the company: not the privacy officer's or a machine's.
fn holds_own(text: &str, domain: &str) -> bool {
    scan::addresses(text).iter().any(|address| {
        let local = address.split('@').next().unwrap_or_default();
        owners::of(address, domain) == Owner::Site && !ranks::is_last(local)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn authorities_and_trades() {
        let check = |text: &str, expected: bool| assert_eq!(given_away(text), expected, "{text}");
        check("Klager kan rettes til Datatilsynet, Gade 35, 2500 Valby, ", true);
        check("Réclamations : CNIL, 3 place de Fontenoy, Paris, tél. ", true);
        check("Agente per la Liguria: Rappresentanze Ferri, Genova - cell. ", true);
        check("Zástupce pro Slovensko: Obaly Nitra s.r.o., Ján Hudák, ", true);
        check("nuestro agente aduanal, Agencia Peña y Asociados, tel. ", true);
        check("Unser Lieferant Stahlwerk Brandner GmbH, Tel. ", true);
        check("Sie sind Lieferant? Rufen Sie uns an: ", false);
        check("In an emergency call 000. NURSE-ON-CALL ", true);
        check("Beszállítóink: Tihanyi Halászat Bt., Csopaki Pince (Szűcs Balázs, ", true);
        check("호스팅 제공자 : (주)누리호스트 ", true);
        check("Call one of our agents on ", false);
        check("Beschwerden an die Aufsichtsbehörde. Unsere Zentrale: ", false);
        check("Information für Lieferanten: ", false);
    }
}
