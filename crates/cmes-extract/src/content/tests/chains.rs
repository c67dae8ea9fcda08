//! Messages that are passed on, sent by machines, or wrapped by programs: whose
//! company is of interest.

use super::{addresses, check_message, read};

const ENQUIRY: &str = "Hello,\n\nwe need twelve pumps.\n\nKind regards,\nAnn Lee\nHead of Purchasing\nMill Works Ltd\n18 Foundry Lane\nManchester M17 9ZZ\nT: 0161 496 0131";
const ENQUIRER: [&str; 5] =
    ["millworks.co.uk", "Ann Lee", "Head of Purchasing", "ann@millworks.co.uk", "+44 161 496 0131"];

/// The enquiry under a header.
fn enquiry(header: &str) -> String {
    format!("{header}\n\n{ENQUIRY}")
}

#[test]
fn a_colleague_passes_an_enquiry_on() {
    let inner = enquiry("From: Ann Lee <ann@millworks.co.uk>\nSent: Monday\nTo: info@seller.de\nSubject: Pumps");
    let outer = "From: Max <max@seller.de>\nTo: vertrieb@seller.de\nSubject: WG: Pumps\n\nFür dich.\n\nGruß\nMax Muster\nSeller GmbH\nwww.seller.de\n\n";
    check_message(&format!("{outer}{inner}"), ENQUIRER);
    let marked = outer.replace("WG: ", "");
    check_message(
        &format!("{marked}-----Ursprüngliche Nachricht-----\n{inner}").replace("Pumps\n\nFür", "WG: x\n\nFür"),
        ENQUIRER,
    );
    check_message(&format!("{marked}---------- Weitergeleitete Nachricht ----------\n{inner}"), ENQUIRER);
    // Apple Mail quotes what it passes on.
    let quoted: String = inner.lines().map(|line| format!("> {line}\n")).collect();
    check_message(&format!("{marked}Anfang der weitergeleiteten Nachricht:\n\n{quoted}"), ENQUIRER);
    // An answer is the sender's.
    let content = read(&format!("{marked}-----Original Message-----\n{inner}"));
    assert_eq!(addresses(&content)[0], "seller.de");
    // Whoever passes it on, the enquirer is of interest, unless it is us.
    let outsider = outer.replace("vertrieb@seller.de", "us@buyer.com");
    check_message(&format!("{outsider}{inner}"), ENQUIRER);
    let ours = inner.replace("ann@millworks.co.uk", "ann@buyer.com");
    assert_eq!(addresses(&read(&format!("{outsider}{ours}")))[0], "seller.de");
    // Nobody's site is not the colleague's.
    let private = format!("{outer}From: Ann <ann@gmail.com>\nTo: info@seller.de\nSubject: x\n\nHello\nAnn Lee\n");
    assert_eq!(addresses(&read(&private)), Vec::<&str>::new());
}

#[test]
fn an_attached_message_is_passed_on() {
    let inner = enquiry(
        "From: Ann Lee <ann@millworks.co.uk>\nTo: info@seller.de\nSubject: Pumps\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8",
    );
    check_message(
        &format!(
            "From: Max <max@gmail.com>\nTo: x@outlook.com\nSubject: see attached\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nsee attached\n--b\nContent-Type: message/rfc822\nContent-Disposition: attachment\n\n{inner}\n--b--\n"
        ),
        ENQUIRER,
    );
}

#[test]
fn what_a_form_sends_on() {
    let fields = "Name: Ann Lee\nCompany: Mill Works Ltd\nPosition: Head of Purchasing\nEmail: ann@millworks.co.uk\nPhone: 0161 496 0131\nMessage:\nWe need pumps.\n\n--\nSent from the form on https://seller.de/contact";
    let header = |from: &str| format!("From: {from}\nTo: info@seller.de\nSubject: New message");
    for from in ["WordPress <wordpress@seller.de>", "Forms <noreply@formservice.com>", "Ann Lee <ann@millworks.co.uk>"]
    {
        check_message(&format!("{}\n\nYou have a new enquiry\n\n{fields}", header(from)), ENQUIRER);
    }
    // Contact Form 7 writes a header of its own.
    check_message(
        &format!(
            "{}\n\nFrom: Ann Lee <ann@millworks.co.uk>\nSubject: Pumps\n\nMessage Body:\n{ENQUIRY}\n\n-- \nThis e-mail was sent from a contact form on Seller (https://seller.de)",
            header("wordpress@seller.de")
        ),
        ENQUIRER,
    );
    // A table in HTML.
    let rows = [
        ["Ihr Name", "Jörg Weber"],
        ["Firma", "Pumpenwerk GmbH"],
        ["E-Mail-Adresse", "j.weber@pumpenwerk.de"],
        ["Telefon", "040 669690"],
        ["Nachricht", "Guten Tag"],
    ];
    let rows: String =
        rows.iter().map(|[label, value]| format!("<tr><td><b>{label}</b></td><td>{value}</td></tr>")).collect();
    check_message(
        &format!(
            "{}\nContent-Type: text/html; charset=utf-8\n\n<html><table>{rows}</table><p><a href='https://seller.de'>seller.de</a>",
            header("web@seller.de")
        ),
        ["pumpenwerk.de", "Jörg Weber", "", "j.weber@pumpenwerk.de", "+49 40 669690"],
    );
    let private = fields.replace("millworks.co.uk", "gmail.com");
    assert_eq!(addresses(&read(&format!("{}\n\n{private}", header("wordpress@seller.de")))), Vec::<&str>::new());
}

#[test]
fn the_number_and_address_of_the_writer() {
    for (lines, phone) in [
        ("Office: 0161 496 0100\nDirect: 0161 496 0131\nMobile: 07400 041704", "+44 161 496 0131"),
        ("T: 0161 496 0100 | M: 07400 041704", "+44 7400 041704"),
        ("Switchboard 0161 496 0100\nTel. 0161 496 0131", "+44 161 496 0131"),
        ("F: 0161 496 0199\nSwitchboard 0161 496 0100", "+44 161 496 0100"),
    ] {
        let text =
            format!("From: Ann Lee <ann@millworks.co.uk>\nTo: x@y.de\nSubject: x\n\nHi\n\nRegards\nAnn Lee\n{lines}");
        let (person, _) = read(&text).facts.person.unwrap_or_default();
        assert_eq!(person.phone, phone, "{lines}");
    }
    // Copied without a header: the answer's own address is that to which they wrote.
    let text = "Fine.\n\nRegards\nAnn Lee\nMill Works Ltd\nwww.millworks.co.uk\n\nFrom: Max <max@seller.de>\nSent: Monday\nTo: Ann Lee <ann@millworks.co.uk>; Bo <bo@seller.de>\nSubject: Offer\n\nHello";
    let (person, _) = read(text).facts.person.unwrap_or_default();
    assert_eq!((person.name.as_str(), person.email.as_str()), ("Ann Lee", "ann@millworks.co.uk"));
    // A company that writes is nobody's name.
    let text = "From: Mill Works <hello@millworks.co.uk>\nTo: x@y.de\nSubject: News\n\nOur new mills.";
    assert_eq!(read(text).facts.person, None);
}

#[test]
fn machines_write_for_somebody() {
    check_message(
        &enquiry(
            "From: \"Ann Lee via Marketplace\" <noreply@marketplace.com>\nReply-To: Ann Lee <ann@millworks.co.uk>\nTo: info@seller.de\nSubject: x",
        ),
        ENQUIRER,
    );
    let away = "From: Ann Lee <ann@millworks.co.uk>\nTo: info@seller.de\nSubject: Automatic reply: x\nAuto-Submitted: auto-replied\n\nI am out of the office. In urgent cases write to Bob Ray, bob@millworks.co.uk, 0161 496 0199.\n\nAnn Lee\nHead of Purchasing\nT: 0161 496 0131";
    check_message(away, ENQUIRER);
}

#[test]
fn what_programs_and_lawyers_add_leads_nowhere() {
    let private = ENQUIRY.replace("Mill Works Ltd\n", "");
    let text = format!(
        "From: Ann Lee <ann@gmail.com>\nTo: info@seller.de\nSubject: x\n\n{private}\n\nCONFIDENTIALITY NOTICE: This message is for its addressee.\nVirus-free. www.avast.com\nSent from my iPhone\nTo unsubscribe: https://news.sender.com/u/1\nAvant d'imprimer, pensez à l'environnement.\nSe désinscrire : https://lettre.example.fr/d\nGet Outlook for iOS <https://aka.ms/o0ukef>"
    );
    let content = read(&text);
    assert_eq!(addresses(&content), Vec::<&str>::new());
    let (person, _) = content.facts.person.unwrap_or_default();
    assert_eq!([person.name.as_str(), &person.phone], ["Ann Lee", "+44 161 496 0131"]);
}

#[test]
fn the_address_and_company_of_a_signature() {
    for (signature, company, [street, zip, city, country]) in [
        (
            "Ann Lee\nMill Works Ltd\n18 Foundry Lane\nManchester M17 9ZZ\nUnited Kingdom",
            "Mill Works Ltd",
            ["18 Foundry Lane", "M17 9ZZ", "Manchester", "United Kingdom"],
        ),
        (
            "Jörg Weber\nPumpenwerk Nord GmbH & Co. KG | Hafenstraße 12a | 20457 Hamburg",
            "Pumpenwerk Nord GmbH & Co. KG",
            ["Hafenstraße 12a", "20457", "Hamburg", "Germany"],
        ),
        (
            "Inès Delmas\nAtelier Lumière SARL\n12 bis rue de la Paix, 34000 Montpellier",
            "Atelier Lumière SARL",
            ["12 bis rue de la Paix", "34000", "Montpellier", "France"],
        ),
        (
            "Luca Rossi\nRossi Pompe S.r.l.\nVia Roma 12 - 50123 Firenze (FI)\nl@rossi-pompe.it",
            "Rossi Pompe S.r.l.",
            ["Via Roma 12", "50123", "Firenze", "Italy"],
        ),
        (
            "Jan Nowak\nPompy Sp. z o.o.\nul. Długa 5\n61-001 Poznań",
            "Pompy Sp. z o.o.",
            ["ul. Długa 5", "61-001", "Poznań", "Poland"],
        ),
        (
            "田中 太郎\n青空精密株式会社\n〒530-0001 大阪府大阪市北区梅田1-2-3",
            "青空精密株式会社",
            ["梅田1-2-3", "530-0001", "大阪市北区", "Japan"],
        ),
    ] {
        let facts = read(&format!("Hello\n\nRegards,\n{signature}\n")).facts;
        let (address, _) = facts.address.unwrap_or_default();
        assert_eq!(facts.company.map(|(name, _)| name).as_deref(), Some(company), "{signature}");
        assert_eq!(
            [address.street1.as_str(), &address.zip, &address.city, &address.country],
            [street, zip, city, country],
            "{signature}"
        );
    }
}
