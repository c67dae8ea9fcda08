//! Whom a proposal can be sent to.

use std::fmt;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use cmes_types::CompanyData;

use crate::fold::fold;

/// The best addressee that a profile offers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Nobody: a form at best.
    #[default]
    Nobody,
    /// The company's own mailbox or number.
    General,
    /// Somebody by name, but by way of the company.
    Person,
    /// Somebody directly.
    Direct,
    /// Somebody who decides, directly.
    Decider,
}

/// Positions of people who decide, folded; a blank in front keeps out the middle of words.
const DECIDERS: &[&str] = &[
    " ceo",
    " cto",
    " cfo",
    " coo",
    " cmo",
    " cio",
    " chief ",
    " founder",
    "co-founder",
    "cofounder",
    " owner",
    " president",
    " managing",
    " director",
    " head of",
    " vp ",
    "vice president",
    " principal",
    " partner",
    "geschaftsfuhr",
    "inhaber",
    "vorstand",
    "leiter",
    "leitung",
    "prokurist",
    "gesellschafter",
    "grunder",
    "gerant",
    "directeur",
    "directrice",
    "fondat",
    "dirigeant",
    " pdg",
    "responsable",
    "direct",
    "gerente",
    "propietari",
    "dueno",
    "fundador",
    "socio",
    "consejer",
    "amministrat",
    "titolare",
    "direttor",
    " soci",
    "diretor",
    "propriet",
    "eigenaar",
    "eigenares",
    "oprichtster",
    " hoofd ",
    "voorzitter",
    " jefe ",
    " jefa ",
    "responsabil",
    " chefe ",
    "kierowni",
    "zalozyciel",
    "chairm",
    "chairw",
    "chairperson",
    "bestuurder",
    "oprichter",
    "prezes",
    "wlascicie",
    "dyrektor",
    "zarzad",
    "jednatel",
    "reditel",
    "majitel",
    "konatel",
    "riaditel",
    "zakladatel",
    "ugyvezet",
    "tulajdonos",
    "igazgato",
    "alapito",
    "administrator",
    "direktor",
    "vlasnik",
    "osnivac",
    " vd ",
    "verkstallande",
    " agare",
    "daglig leder",
    "adm. dir",
    "grundlagger",
    "toimitusjohtaja",
    "omistaja",
    "yrittaja",
    "johtaja",
    "директор",
    "владел",
    "основател",
    "руководител",
    "начальник",
    "власник",
    "керівник",
    "засновник",
    "genel mudur",
    "kurucu",
    "sahibi",
    "mudur",
    "διευθυν",
    "ιδρυτ",
    "ιδιοκτητ",
    "proprietar",
    "juhataja",
    "vadovas",
    "代表",
    "社長",
    "取締役",
    "部長",
    "总经理",
    "總經理",
    "董事",
    "经理",
    "經理",
    "法人",
    "대표",
    "사장",
    "이사",
    "원장",
    "مدير",
    "المدير",
    "رئيس",
    "מנכ",
    "מנהל",
    "בעל",
    "giam doc",
    "กรรมการผู้จัดการ",
];
static IS_DECIDER: LazyLock<AhoCorasick> = LazyLock::new(|| crate::words::finder(DECIDERS));

impl Reach {
    /// Of a profile.
    #[must_use]
    pub fn of(data: &CompanyData) -> Self {
        let people = data.contacts.iter().filter(|contact| !contact.name.is_empty());
        let best = people.map(|contact| {
            let is_direct = !contact.email.is_empty() || !contact.phone.is_empty();
            match (is_direct, decides(&contact.job_position)) {
                (true, true) => Self::Decider,
                (true, false) => Self::Direct,
                (false, _) => Self::Person,
            }
        });
        let general = if data.emails.is_empty() && data.phones.is_empty() { Self::Nobody } else { Self::General };
        best.max().unwrap_or_default().max(general)
    }

    /// Points of probability.
    pub(super) fn points(self) -> i32 {
        match self {
            Self::Nobody => -4,
            Self::General => 0,
            Self::Person => 3,
            Self::Direct => 5,
            Self::Decider => 8,
        }
    }
}

impl fmt::Display for Reach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nobody => "none",
            Self::General => "company only",
            Self::Person => "person by name",
            Self::Direct => "person directly",
            Self::Decider => "decision maker directly",
        })
    }
}

/// Whether someone in this position decides on purchases.
pub(crate) fn decides(position: &str) -> bool {
    IS_DECIDER.is_match(&format!(" {} ", fold(position)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_decides_is_known_in_many_languages() {
        for position in [
            "CEO",
            "Co-founder & CTO",
            "Managing Director",
            "Geschäftsführerin",
            "Leiter Einkauf",
            "Gérant",
            "Directrice des achats",
            "Amministratore delegato",
            "Prezes Zarządu",
            "Jednatel",
            "Генеральный директор",
            "代表取締役社長",
            "总经理",
            "대표이사",
            "Toimitusjohtaja",
            "Genel Müdür",
            "Διευθύνων Σύμβουλος",
            "מנכ״ל",
            "المدير العام",
            "Ügyvezető igazgató",
        ] {
            assert!(decides(position), "{position}");
        }
        for position in
            ["Receptionist", "Sachbearbeiterin", "Comptable", "Engineer", "Account executive", "Секретарь", ""]
        {
            assert!(!decides(position), "{position}");
        }
    }
}
