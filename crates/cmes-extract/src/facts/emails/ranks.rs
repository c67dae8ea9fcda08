//! What the local part of an address says: the company's general address, a
//! department's, a machine's, or a person's.

/// General addresses, the best first.
const CENTRAL: &[&str] = &[
    "info", "contact", "kontakt", "office", "hello", "hallo", "mail", "email", "contacto", "contato", "contatti", "contatto", "bonjour", "hola", "ola", "ciao", "hej", "hei", "biuro", "buero", "büro", "post", "service-info",
    "enquiries", "enquiry", "inquiry", "inquiries", "welcome", "moin", "servus", "gruezi", "zentrale", "sekretariat", "segreteria", "secretariat", "secretaria", "kancelaria", "kancelar", "iletisim", "bilgi", "informacion", "informacje", "infos", "information",
    "general", "reception", "rezeption", "recepcion", "accueil", "admin.office", "firma", "company", "kundenservice.info", "toimisto", "asiakaspalvelu", "yhteys", "firmapost", "posta", "poczta", "titkarsag", "iroda", "sekretariatas", "zakaz", "manager.info", "inbox", "team", "hq", "connect", "hi", "ask",
];
/// Departments through which a company sells.
const SALES: &[&str] = &[
    "sales", "vertrieb", "verkauf", "commercial", "commerciale", "comercial", "ventas", "vendas", "vendite", "sprzedaz", "handel", "prodej", "prodaja", "sale", "opt", "export", "orders", "order", "bestellung", "bestellungen", "pedidos", "ordini", "commande", "commandes", "devis", "zamowienia", "satis", "myynti", "salg", "salgs", "forsaljning", "verkoop", "eladas", "vanzari", "business", "angebot", "anfrage", "quotes", "quote", "shop", "store", "webshop",
];
/// Other departments.
const DEPARTMENT: &[&str] = &[
    "service", "support", "help", "helpdesk", "kundendienst", "kundenservice", "customerservice", "customer.service", "customercare", "care", "technik", "tech", "technical", "assistenza", "soporte", "suporte", "serwis", "servis", "sav", "logistik", "logistics", "einkauf", "purchasing", "procurement", "compras", "acquisti", "achats", "zakupy", "inkoop", "inkop", "accounting", "accounts", "buchhaltung", "rechnung", "invoice", "invoices", "billing", "faktura", "facturation", "administracion", "administrasjon", "administration", "amministrazione", "contabilidad", "contabilita", "comptabilite", "ksiegowosc", "marketing", "partner", "partners", "quality", "qualitaet", "calidad", "qualita", "dispo", "disposition", "lager", "warehouse", "werkstatt", "finance", "buyer", "events", "booking", "reservations", "reservierung", "produktion", "production", "gerencia", "direktion", "direction", "direccion", "direzione", "geschaeftsfuehrung", "management", "london", "berlin", "hamburg", "muenchen", "wien", "zuerich", "paris", "madrid", "milano", "roma",
];
/// Those for applicants, the press and the like.
const ASIDE: &[&str] = &[
    "jobs", "job", "career", "careers", "karriere", "bewerbung", "bewerbungen", "hr", "human.resources", "personal", "recruiting", "recruitment", "rh", "rrhh", "kadry", "rekrutacja", "praca", "lavoro", "empleo", "emploi", "recrutement", "jobb", "rekry", "saiyo", "recruit", "kariyer", "ik", "vakans", "hiring", "talent", "ausbildung", "press", "presse", "media", "prensa", "stampa", "news", "newsletter", "pr", "investors", "ir", "investor.relations", "feedback", "sponsoring", "vacatures", "personalabteilung",
];
/// Those that nobody should write to first.
const LAST: &[&str] = &[
    "noreply", "no-reply", "no_reply", "donotreply", "do-not-reply", "nicht-antworten", "keine-antwort", "webmaster", "hostmaster", "abuse", "postmaster", "datenschutz", "dsb", "dsgvo", "privacy", "dpo", "gdpr", "rgpd", "dpd", "rodo", "iod", "privacidad", "lopd", "personvern", "privacidade", "lgpd", "dataprotection", "data-protection", "data.protection", "datenschutzbeauftragter", "compliance", "legal", "security", "unsubscribe", "mailer-daemon", "bounce", "bounces", "root", "admin", "administrator", "tietosuoja", "avg", "kvkk", "cookies", "dsa", "whistleblower", "hinweisgeber", "copyright", "dmca", "spam", "notifications", "notification",
];

fn bare(local: &str) -> &str {
    local.split('+').next().unwrap_or(local)
}

/// Whether it is a company's general address.
pub(crate) fn is_central(local: &str) -> bool {
    CENTRAL.contains(&bare(local))
}

/// Whether it belongs to a department or a machine rather than a person.
pub(crate) fn is_role(local: &str) -> bool {
    score(local).is_some()
}

/// Whether mail there is for the site's machinery or its lawyers.
pub(crate) fn is_last(local: &str) -> bool {
    LAST.contains(&bare(local)) || ["noreply", "no-reply", "donotreply"].iter().any(|word| local.contains(word))
}

/// How good a first address it is; `None` for an unknown word or a name.
pub(crate) fn score(local: &str) -> Option<i32> {
    let local = bare(local);
    if is_last(local) {
        return Some(-60);
    }
    if let Some(at) = CENTRAL.iter().position(|word| *word == local) {
        return Some(100 - i32::try_from(at.min(10)).unwrap_or(10));
    }
    let lists = [(SALES, 80), (DEPARTMENT, 65), (ASIDE, 25)];
    if let Some((_, score)) = lists.iter().find(|(list, _)| list.contains(&local)) {
        return Some(*score);
    }
    // `info-hamburg`, `sales.de`, `kontakt2`.
    let first = local.split(['.', '-', '_']).next().unwrap_or(local).trim_end_matches(|c: char| c.is_ascii_digit());
    let known = first != local && (CENTRAL.contains(&first) || SALES.contains(&first) || DEPARTMENT.contains(&first));
    if known {
        return Some(62);
    }
    let last = local.rsplit(['.', '-', '_']).next().unwrap_or(local);
    if last != local && ASIDE.contains(&first) {
        return Some(25);
    }
    (last != local && [CENTRAL, SALES, DEPARTMENT].iter().any(|list| list.contains(&last))).then_some(60)
}

/// Whether it has the shape of a person's address: `ann.lee`, `a.lee`.
pub(crate) fn is_personal(local: &str) -> bool {
    let mut parts = local.split(['.', '_']);
    let (Some(first), Some(second), None) = (parts.next(), parts.next(), parts.next()) else { return false };
    let word = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphabetic() || c == '-');
    word(first) && word(second) && second.chars().count() >= 2 && !is_role(local) && !is_role(first) && !is_role(second)
}
