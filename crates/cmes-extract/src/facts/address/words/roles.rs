//! Labels of addresses and what they say of them, in many languages.

use std::sync::LazyLock;

use crate::places::fold;
use crate::words::Lists;

/// What a label says of the address after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::facts::address) enum Role {
    /// Head office, registered seat.
    Head,
    /// Branch, warehouse, factory, shop.
    Branch,
    /// For letters only.
    Postal,
    /// Just "address".
    Plain,
    /// Somebody else's: hosting company, authority, designer, customer.
    Foreign,
}

/// Phrases by role, folded and looked for in this order.
const ROLES: &[(Role, &str)] = &[
    (
        Role::Foreign,
        "hebergeur|hebergement|heberge par|hosting|hosted by|hoster|webdesign|web design|website by|conception|realisation du site|\
         umsetzung|gestaltung|agentur|aufsichtsbehorde|behorde|datenschutzbeauftragt|data protection officer|dpo|delegue a la \
         protection|delegado de proteccion|responsabile della protezione|cnil|mediateur|mediation|mediatore|versicherung|versicherer|\
         kammer|schlichtung|supervisory authority|information commissioner|landgericht|finanzamt|autorita garante|\
         encarregado|inspecteur|inspektor ochrony|arbitration|proveedor de hosting|alojamiento|provider|kunde |customer stor|\
         testimonial|referenz|client stor|trusted by|customers say|clients say|our customers|our clients|unsere kunden|kundenstimmen|das sagen|\
         ils nous font confiance|temoignages|nos clients|nuestros clientes|opiniones|dicono di noi|i nostri clienti|nossos clientes|\
         depoimentos|onze klanten|vara kunder|vore kunder|наши клиенты|отзывы|お客様の声|客户案例|고객사|event|venue|veranstaltungsort|messe|webmaster|bildnachweis|photo credit|fotos|steuerberater|\
         bankverbindung|bank details|auftragsverarbeiter|google ireland|google llc|meta platforms|designed by|auditor|hosting provider|\
         partner|distributor|handler|dealer|stockist|vertriebspartner|reseller|representative in the eu|eu representative",
    ),
    // Where the company works, letters or not.
    (Role::Head, "фактическии|фактичн|фактическ|местонахождение офиса"),
    (
        Role::Postal,
        "postadress|postanschrift|postal address|mailing address|adresse postale|direccion postal|correspondence address|\
         korrespondenz|adres do korespondencji|postiosoite|postadresse|почтовый адрес|for mail|rechnungsadresse|billing address|\
         rechnungsanschrift|lieferanschrift|lieferadresse|delivery address|fakturaadress|למכתבים|דואר|צור קשר בדואר|поштова адреса|пощенски адрес|\
         επιστολεσ|ταχυδρομικη διευθυνση|العنوان البريدي|صندوق البريد|posta adresi|levelezesi cim|korespondencni adresa|korespondencna adresa|\
         adresa de corespondenta|postadress|postaddress|郵送先|우편주소|通信地址|alamat surat",
    ),
    (
        Role::Head,
        "head office|headquarter|hq|corporate office|main office|registered office|registered address|registered seat|zentrale|\
         hauptsitz|firmensitz|hauptverwaltung|stammsitz|stammhaus|gesellschaftssitz|siege social|siege|sede legale|sede principale|\
         sede central|sede social|domicilio social|oficina central|oficinas centrales|casa matriz|matriz|sede|hoofdkantoor|\
         huvudkontor|hovedkontor|hovedkontoret|paakonttori|siedziba|centrala|sidlo|sidlo spolecnosti|szekhely|kozpont|sediu|sediul|\
         sediul social|седалище|головной офис|главный офис|центральный офис|юридический адрес|головний офіс|юридична адреса|\
         merkez|genel mudurluk|εδρα|κεντρικα|本社|本店|本部|总部|公司总部|總部|總公司|본사|המשרד הראשי|المقر الرئيسي|kantor pusat|\
         สำนักงานใหญ่|tru so chinh|visiting address|besoksadress|besoksadresse|kayntiosoite|bezoekadres|besucheradresse|forretningsadresse|hauptadresse",
    ),
    (
        Role::Branch,
        "branch|niederlassung|filiale|zweigstelle|standort|aussenstelle|vertriebsburo|werk |agence|succursale|filial|\
         sucursal|delegacion|almacen|fabrica|sede operativa|stabilimento|magazzino|showroom|warehouse|factory|plant|depot|lager|\
         vestiging|oddzial|pobocka|fiok|sales office|regional office|office |store|shop|boutique|филиал|склад|производство|\
         представительство|sube|fabrika|支店|営業所|工場|支社|分公司|工厂|지사|공장|사업장|entrepot|usine|atelier|unidade|magazyn|zaklad|works",
    ),
    (
        Role::Plain,
        "address|adresse|anschrift|direccion|indirizzo|endereco|morada|adres|adress|osoite|cim|adresa|adresas|адрес|адреса|\
         διευθυνση|כתובת|العنوان|住所|所在地|地址|주소|소재지|alamat|dia chi|ที่อยู่|visit us|find us|anfahrt|where we are|location|lokalizacja|ubicacion|\
         dove siamo|donde estamos|nous trouver|so finden sie|contact|kontakt|contacto|contatti|contato|company|impressum|iletisim|yhteystiedot|kapcsolat|контакты|контакти|お問い合わせ|联系我们|문의",
    ),
];

static ROLE_PHRASES: LazyLock<Lists<Role>> =
    LazyLock::new(|| Lists::new(ROLES.iter().map(|(role, list)| (*role, list.split('|').map(fold)))));

/// Whether a label is of the seat in the register, which need not be where the
/// company works.
pub(in crate::facts::address) fn is_registered(label: &str) -> bool {
    let label = fold(label);
    // Folded, as the label is.
    ["registered office", "registered address", "юридическии адрес", "юридична адреса", "domicilio fiscal"]
        .iter()
        .any(|words| label.contains(words))
}

/// The role a label names. Phrases count at the beginning of a word, so that
/// `Hauptsitz:` and `Hauptsitze` do and `Überkammer` does not.
pub(in crate::facts::address) fn role(label: &str) -> Option<Role> {
    let folded = fold(crate::page::prefix(label, 160));
    let cased = folded.is_ascii() || !folded.chars().any(|c| ('\u{3040}'..'\u{fb00}').contains(&c));
    ROLE_PHRASES.first(&folded, |place| {
        let (before, phrase, after) = (&folded[..place.start], &folded[place.clone()], &folded[place.end..]);
        if !cased {
            // There words are not parted: the label ends or begins with it, and
            // 工場 (factory) is not 工場長 (its head).
            return after.is_empty() || before.is_empty() && after.chars().count() <= 3 && !after.starts_with('長');
        }
        let begins = before.is_empty() || before.ends_with(' ');
        let ends = after.is_empty() || after.starts_with(' ');
        begins && (phrase.chars().count() > 4 || ends) || phrase.len() > 6 && after.is_empty()
    })
}
