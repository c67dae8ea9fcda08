//! The few phrases that are written and not found, one row for each language.

use cmes_types::LanguageCode;

use crate::facts::size::Employees;

/// The phrases of one language. `{n}` and `{m}` stand for numbers, `{x}` for names.
#[derive(Debug)]
pub(super) struct Phrases {
    language: &'static str,
    /// Below 10, 50, 250 people, and above (the bands of the European Union).
    bands: [&'static str; 4],
    about: &'static str,
    between: &'static str,
    /// No number is stated: people `{n}` and places `{m}` that the site names.
    unstated: &'static str,
    /// Write to a person with a position.
    pub person: &'static str,
    /// Write to the company's general address.
    pub email: &'static str,
    /// Call.
    pub phone: &'static str,
    /// Neither: use the form on the site.
    pub form: &'static str,
    /// In which language to write; the language's name in English follows where
    /// it is another than that of the answer.
    pub tongue: &'static str,
    /// Build on the products in use.
    pub systems: &'static str,
}

const TABLE: &[Phrases] = &[
    Phrases {
        language: "en",
        bands: ["Micro enterprise", "Small enterprise", "Medium-sized enterprise", "Large enterprise"],
        about: "about {n} employees",
        between: "{n} to {m} employees",
        unstated: "The number of employees is not stated (people named on the site: {n}, locations: {m}).",
        person: "Address your proposal to {x}.",
        email: "Send your proposal to {x}.",
        phone: "Call {x} to find the person in charge.",
        form: "Look on the company's site for the person in charge.",
        tongue: "Write in the language of the company: {x}.",
        systems: "Refer to what the company already uses: {x}.",
    },
    Phrases {
        language: "de",
        bands: ["Kleinstunternehmen", "Kleines Unternehmen", "Mittelgroßes Unternehmen", "Großunternehmen"],
        about: "etwa {n} Beschäftigte",
        between: "{n} bis {m} Beschäftigte",
        unstated: "Die Zahl der Beschäftigten ist nicht angegeben (auf der Website genannte Personen: {n}, Standorte: {m}).",
        person: "Richten Sie Ihr Angebot an {x}.",
        email: "Senden Sie Ihr Angebot an {x}.",
        phone: "Erfragen Sie die zuständige Person unter {x}.",
        form: "Suchen Sie auf der Website des Unternehmens nach der zuständigen Person.",
        tongue: "Schreiben Sie in der Sprache des Unternehmens: {x}.",
        systems: "Nehmen Sie Bezug auf das, was das Unternehmen schon einsetzt: {x}.",
    },
    Phrases {
        language: "fr",
        bands: ["Microentreprise", "Petite entreprise", "Entreprise de taille moyenne", "Grande entreprise"],
        about: "environ {n} salariés",
        between: "de {n} à {m} salariés",
        unstated: "L’effectif n’est pas indiqué (personnes nommées sur le site : {n}, sites : {m}).",
        person: "Adressez votre proposition à {x}.",
        email: "Envoyez votre proposition à {x}.",
        phone: "Appelez le {x} pour joindre la personne responsable.",
        form: "Cherchez la personne responsable sur le site de l’entreprise.",
        tongue: "Écrivez dans la langue de l’entreprise : {x}.",
        systems: "Tenez compte de ce que l’entreprise utilise déjà : {x}.",
    },
    Phrases {
        language: "es",
        bands: ["Microempresa", "Pequeña empresa", "Mediana empresa", "Gran empresa"],
        about: "unos {n} empleados",
        between: "de {n} a {m} empleados",
        unstated: "No se indica el número de empleados (personas nombradas en el sitio: {n}, sedes: {m}).",
        person: "Dirija su propuesta a {x}.",
        email: "Envíe su propuesta a {x}.",
        phone: "Llame al {x} para hablar con la persona responsable.",
        form: "Busque a la persona responsable en el sitio de la empresa.",
        tongue: "Escriba en el idioma de la empresa: {x}.",
        systems: "Haga referencia a lo que la empresa ya utiliza: {x}.",
    },
    Phrases {
        language: "it",
        bands: ["Microimpresa", "Piccola impresa", "Media impresa", "Grande impresa"],
        about: "circa {n} dipendenti",
        between: "da {n} a {m} dipendenti",
        unstated: "Il numero di dipendenti non è indicato (persone nominate sul sito: {n}, sedi: {m}).",
        person: "Indirizzi la proposta a {x}.",
        email: "Invii la proposta a {x}.",
        phone: "Chiami il numero {x} per trovare la persona responsabile.",
        form: "Cerchi la persona responsabile sul sito dell’azienda.",
        tongue: "Scriva nella lingua dell’azienda: {x}.",
        systems: "Faccia riferimento a ciò che l’azienda usa già: {x}.",
    },
    Phrases {
        language: "pt",
        bands: ["Microempresa", "Pequena empresa", "Média empresa", "Grande empresa"],
        about: "cerca de {n} colaboradores",
        between: "de {n} a {m} colaboradores",
        unstated: "O número de colaboradores não é indicado (pessoas citadas no site: {n}, unidades: {m}).",
        person: "Dirija a sua proposta a {x}.",
        email: "Envie a sua proposta para {x}.",
        phone: "Ligue para {x} para falar com a pessoa responsável.",
        form: "Procure a pessoa responsável no site da empresa.",
        tongue: "Escreva no idioma da empresa: {x}.",
        systems: "Refira-se ao que a empresa já utiliza: {x}.",
    },
    Phrases {
        language: "nl",
        bands: ["Micro-onderneming", "Kleine onderneming", "Middelgrote onderneming", "Grote onderneming"],
        about: "ongeveer {n} medewerkers",
        between: "{n} tot {m} medewerkers",
        unstated: "Het aantal medewerkers is niet vermeld (personen op de site: {n}, vestigingen: {m}).",
        person: "Richt uw voorstel aan {x}.",
        email: "Stuur uw voorstel naar {x}.",
        phone: "Bel {x} om de verantwoordelijke te vinden.",
        form: "Zoek op de site van het bedrijf naar de verantwoordelijke.",
        tongue: "Schrijf in de taal van het bedrijf: {x}.",
        systems: "Sluit aan bij wat het bedrijf al gebruikt: {x}.",
    },
    Phrases {
        language: "pl",
        bands: ["Mikroprzedsiębiorstwo", "Małe przedsiębiorstwo", "Średnie przedsiębiorstwo", "Duże przedsiębiorstwo"],
        about: "około {n} pracowników",
        between: "od {n} do {m} pracowników",
        unstated: "Liczba pracowników nie jest podana (osoby wymienione na stronie: {n}, lokalizacje: {m}).",
        person: "Skieruj ofertę do: {x}.",
        email: "Wyślij ofertę na adres {x}.",
        phone: "Zadzwoń pod numer {x}, aby znaleźć osobę odpowiedzialną.",
        form: "Poszukaj osoby odpowiedzialnej na stronie firmy.",
        tongue: "Pisz w języku firmy: {x}.",
        systems: "Nawiąż do tego, czego firma już używa: {x}.",
    },
    Phrases {
        language: "ru",
        bands: ["Микропредприятие", "Малое предприятие", "Среднее предприятие", "Крупное предприятие"],
        about: "около {n} сотрудников",
        between: "от {n} до {m} сотрудников",
        unstated: "Число сотрудников не указано (названо на сайте людей: {n}, адресов: {m}).",
        person: "Адресуйте предложение: {x}.",
        email: "Отправьте предложение на {x}.",
        phone: "Позвоните по номеру {x}, чтобы найти ответственное лицо.",
        form: "Найдите ответственное лицо на сайте компании.",
        tongue: "Пишите на языке компании: {x}.",
        systems: "Учитывайте то, что компания уже использует: {x}.",
    },
    Phrases {
        language: "ja",
        bands: ["零細企業", "小企業", "中企業", "大企業"],
        about: "従業員約{n}名",
        between: "従業員{n}〜{m}名",
        unstated: "従業員数の記載なし（サイトに記載の人物：{n}名、拠点：{m}）。",
        person: "提案は{x}宛てにお送りください。",
        email: "提案は{x}へお送りください。",
        phone: "{x}に電話し、担当者をご確認ください。",
        form: "会社のサイトで担当者をご確認ください。",
        tongue: "会社の言語でお書きください：{x}。",
        systems: "会社が既に利用している製品に触れてください：{x}。",
    },
    Phrases {
        language: "zh",
        bands: ["微型企业", "小型企业", "中型企业", "大型企业"],
        about: "员工约{n}人",
        between: "员工{n}至{m}人",
        unstated: "未说明员工人数（网站提及人员：{n}，地点：{m}）。",
        person: "请将方案发给{x}。",
        email: "请将方案发送至{x}。",
        phone: "请致电{x}，联系负责人。",
        form: "请在该公司网站上查找负责人。",
        tongue: "请使用该公司的语言：{x}。",
        systems: "请结合该公司已在使用的产品：{x}。",
    },
];

/// Whether there are phrases in this language.
pub(super) fn knows(language: LanguageCode) -> bool {
    TABLE.iter().any(|phrases| phrases.language == language.as_str())
}

/// The phrases of a language, English ones where there are none.
pub(super) fn of(language: LanguageCode) -> &'static Phrases {
    let known = TABLE.iter().find(|phrases| phrases.language == language.as_str());
    known.unwrap_or(&TABLE[0])
}

/// The size in words: a band of the European Union with the number stated, or
/// what the site lets one count, or nothing.
pub(super) fn company_size(language: LanguageCode, stated: Option<Employees>, people: usize, places: usize) -> String {
    let phrases = of(language);
    let Some(Employees { from, to }) = stated else {
        if people == 0 && places < 2 {
            return String::new();
        }
        return phrases.unstated.replace("{n}", &people.to_string()).replace("{m}", &places.to_string());
    };
    let middle = from.midpoint(to);
    let band = match middle {
        0..10 => phrases.bands[0],
        10..50 => phrases.bands[1],
        50..250 => phrases.bands[2],
        _ => phrases.bands[3],
    };
    let number = if from == to { phrases.about } else { phrases.between };
    let number = number.replace("{n}", &from.to_string()).replace("{m}", &to.to_string());
    match phrases.language {
        "ja" | "zh" => format!("{band}，{number}。").replace('，', if phrases.language == "ja" { "、" } else { "，" }),
        _ => format!("{band}, {number}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(language: &str, stated: Option<(u32, u32)>, expected: &str) {
        let language = language.parse().expect("a language");
        let stated = stated.map(|(from, to)| Employees { from, to });
        assert_eq!(company_size(language, stated, 0, 1), expected);
    }

    #[test]
    fn the_size_is_a_band_with_the_number_stated() {
        check("en", Some((140, 140)), "Medium-sized enterprise, about 140 employees.");
        check("de", Some((8, 8)), "Kleinstunternehmen, etwa 8 Beschäftigte.");
        check("fr", Some((20, 40)), "Petite entreprise, de 20 à 40 salariés.");
        check("ja", Some((250, 250)), "大企業、従業員約250名。");
        check("zh", Some((260, 260)), "大型企业，员工约260人。");
        check("fi", Some((49, 49)), "Small enterprise, about 49 employees.");
        check("en", None, "");
    }

    #[test]
    fn every_phrase_has_its_places() {
        for phrases in TABLE {
            assert!(phrases.language.parse::<LanguageCode>().is_ok());
            assert!(
                phrases.about.contains("{n}") && phrases.between.contains("{m}") && phrases.unstated.contains("{n}")
            );
            for text in [phrases.person, phrases.email, phrases.phone, phrases.tongue, phrases.systems] {
                assert!(text.contains("{x}"), "{text}");
            }
        }
    }
}
