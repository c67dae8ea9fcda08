//! What people paste into Content: links, addresses, whole e-mails in several
//! languages, chains, and hostile text.

use proptest::prelude::*;

use super::{Content, Origin, own_site, read};

mod chains;
mod languages;

fn addresses(content: &Content) -> Vec<&str> {
    content.candidates.iter().map(|candidate| candidate.address.as_str()).collect()
}

/// The candidates of a text.
fn check(text: &str, expected: &[&str]) {
    assert_eq!(addresses(&read(text)), expected, "{text}");
}

/// Site, person, title, e-mail and phone of a message.
fn check_message(text: &str, expected: [&str; 5]) {
    let content = read(text);
    let site = content.candidates.first().map_or("", |candidate| candidate.address.as_str());
    let person = content.facts.person.clone().map(|(person, _)| person).unwrap_or_default();
    assert_eq!([site, &person.name, &person.job_position, &person.email, &person.phone], expected, "{content:#?}");
}

#[test]
fn links_and_domains() {
    check("https://www.firma.de/", &["https://www.firma.de/"]);
    check("  http://firma.de:8080/kontakt?x=1  ", &["http://firma.de:8080/kontakt?x=1"]);
    check("HTTPS://Firma.DE/Pfad", &["https://firma.de/Pfad"]);
    check("<https://firma.de>", &["https://firma.de/"]);
    check("firma.de", &["firma.de"]);
    check("Firma.DE", &["firma.de"]);
    check("www.firma.co.uk/about", &["www.firma.co.uk/about"]);
    check("firma.de:8443", &["firma.de:8443"]);
    check("müller-pumpen.de", &["müller-pumpen.de"]);
    check("xn--mller-pumpen-wob.de", &["xn--mller-pumpen-wob.de"]);
    check("компания.рф", &["компания.рф"]);
    check("nordwind-pumpen.example", &["nordwind-pumpen.example"]);
    check("//firma.de/x", &["firma.de/x"]);
    check("info@firma.de", &["firma.de"]);
    check("mailto:info@mail.firma.co.uk?subject=x", &["firma.co.uk"]);
    check("Ann Lee <ann@firma.de>", &["firma.de"]);
}

#[test]
fn what_leads_to_no_company() {
    for text in [
        "",
        "   ",
        "hello",
        "Hello, how are you?",
        "ann.lee@gmail.com",
        "kontakt@gmx.de",
        "x@qq.com",
        "a@mail.ru",
        "b@wp.pl",
        "c@naver.com",
        "https://www.linkedin.com/in/annlee",
        "https://facebook.com/firma",
        "https://bit.ly/3xYz",
        "https://calendly.com/ann/30min",
        "https://us02web.zoom.us/j/123",
        "https://maps.google.com/?q=firma",
        "https://drive.google.com/file/d/1",
        "https://click.mailhotell.example/u/1",
        "https://firma.list-manage.com/unsubscribe",
        "https://eur01.safelinks.protection.outlook.com/?url=x",
        "report.pdf",
        "z.B. heute",
        "e.g. this",
        "v1.2.3",
        "node.js is nice",
        "192.168.0.1",
        "ende.Der nächste Satz",
        "12.05.2024",
        "see file.zip",
        "mailto:",
        "http://",
        "https://",
        "@",
        "www.",
        "S.r.l.",
    ] {
        check(text, &[]);
    }
    assert_eq!(
        read("https://www.linkedin.com/company/firma").facts.links[0].0,
        "https://www.linkedin.com/company/firma"
    );
}

#[test]
fn links_in_a_text() {
    check("Please look at https://firma.de/produkte, thanks", &["https://firma.de/produkte"]);
    check("firma.de is their site", &["firma.de"]);
    check("they mention other.com, but the link is https://firma.de", &["https://firma.de/", "other.com"]);
    check("We met Firma (www.firma.de). Their mail: info@firma.de", &["www.firma.de"]);
    check("[Firma](https://firma.de/x) and https://bit.ly/x", &["https://firma.de/x"]);
    check("Web:www.firma.de", &["www.firma.de"]);
    check("网站：www.haicheng-valve.example，电话", &["www.haicheng-valve.example"]);
    check("write to info [at] firma [dot] de", &["firma.de"]);
}

#[test]
fn the_sender_wins_over_quoted_text() {
    let text = "From: Ann Lee <ann@firma.de>\nTo: Bob <bob@kaeufer.de>\nSubject: Re: x\n\nHello, see https://supplier.com/x\n\n> https://www.kunde.at and kaeufer.de";
    let content = read(text);
    let expected = [
        ("firma.de", Origin::Sender),
        ("https://supplier.com/x", Origin::Text),
        ("https://www.kunde.at/", Origin::Quoted),
    ];
    assert_eq!(content.candidates.iter().map(|c| (c.address.as_str(), c.origin)).collect::<Vec<_>>(), expected);
}

#[test]
fn an_english_mail() {
    check_message(
        "From: \"Lee, Ann\" <a.lee@firm.co.uk>\nTo: Bob <bob@buyer.com>\nSubject: Offer\nDate: Mon, 2 Feb 2026 10:00:00 +0000\n\nDear Bob,\n\nplease find our offer.\n\nBest regards,\nAnn Lee\nHead of Sales\nFirm Fasteners Ltd\n18 Foundry Lane, Manchester M17 9ZZ\nT: 0161 496 0131 | F: 0161 496 0199\nwww.firm.co.uk\n\nThis e-mail is confidential.",
        ["firm.co.uk", "Ann Lee", "Head of Sales", "a.lee@firm.co.uk", "+44 161 496 0131"],
    );
}

#[test]
fn a_german_mail_from_outlook() {
    let text = "Von: Max Müller [mailto:m.mueller@firma.de]\nGesendet: Montag, 2. Februar 2026 10:00\nAn: Bob Ray\nBetreff: AW: Anfrage\n\nHallo Herr Ray,\n\ngern.\n\nMit freundlichen Grüßen\n\ni. V. Max Müller\nVertriebsleiter\n\nFischer Pumpen GmbH\nHafenstraße 1\n20457 Hamburg\nTel.: +49 40 66969-120\nFax: +49 40 66969-199\n\n-----Ursprüngliche Nachricht-----\nVon: Bob Ray <bob@kaeufer.de>\nGesendet: Freitag\nAn: info@firma.de\nBetreff: Anfrage\n\nBob Ray, Tel. 030 2312500";
    check_message(text, ["firma.de", "Max Müller", "Vertriebsleiter", "m.mueller@firma.de", "+49 40 66969120"]);
    let facts = read(text).facts;
    assert_eq!(facts.company.map(|(company, _)| company).as_deref(), Some("Fischer Pumpen GmbH"));
    let address = facts.address.map(|(address, _)| address).unwrap_or_default();
    assert_eq!([address.street1.as_str(), &address.zip, &address.city], ["Hafenstraße 1", "20457", "Hamburg"]);
    assert_eq!(facts.phones.iter().map(|(phone, _)| phone.as_str()).collect::<Vec<_>>(), ["+49 40 66969120"]);
}

#[test]
fn a_french_mail() {
    check_message(
        "De : Inès Delmas <ines@atelier.fr>\nEnvoyé : mercredi 4 février 2026 10:12\nÀ : mairie@commune.fr\nObjet : Devis\n\nBonjour,\n\nVoici le devis.\n\nCordialement,\nInès Delmas\nCheffe de projet\nAtelier Lumière SARL\nTél. 04 65 71 12 34\n\nLe lun. 2 févr. 2026 à 18:03, Mairie <mairie@commune.fr> a écrit :\n> Bonjour",
        ["atelier.fr", "Inès Delmas", "Cheffe de projet", "ines@atelier.fr", "+33 4 65 71 12 34"],
    );
}

#[test]
fn a_spanish_mail() {
    check_message(
        "De: Lucía Gómez <lucia@almacen.es>\nEnviado: lunes\nPara: compras@cliente.es\nAsunto: Pedido\n\nBuenos días:\n\nAdjunto el pedido.\n\nUn saludo,\nLucía Gómez\nResponsable de ventas\nTel. 963 91 01 45\n\nEl lun, 2 feb 2026 a las 9:00, Compras (<compras@cliente.es>) escribió:\n\n> Hola, www.cliente.es",
        ["almacen.es", "Lucía Gómez", "Responsable de ventas", "lucia@almacen.es", "+34 963 91 01 45"],
    );
}

#[test]
fn an_italian_mail() {
    check_message(
        "Da: Luca Rossi <l.rossi@azienda.it>\nInviato: lunedì 2 febbraio 2026\nA: info@cliente.it\nOggetto: Preventivo\n\nBuongiorno,\nin allegato.\n\nCordiali saluti\nLuca Rossi\nDirettore commerciale\nTel. 055 234 0178\n\nIl giorno lun 2 feb 2026 alle ore 9:00 Cliente <info@cliente.it> ha scritto:\n> ciao",
        ["azienda.it", "Luca Rossi", "Direttore commerciale", "l.rossi@azienda.it", "+39 055 234 0178"],
    );
}

#[test]
fn a_polish_mail() {
    check_message(
        "Od: Jan Nowak <j.nowak@fabryka.pl>\nWysłano: 2 lutego 2026\nDo: biuro@klient.pl\nTemat: Oferta\n\nDzień dobry,\nw załączeniu oferta.\n\nPozdrawiam\nJan Nowak\nKierownik sprzedaży\ntel. 61 664 01 42\n\nW dniu 2.02.2026 o 9:00, Klient pisze:\n> www.klient.pl",
        ["fabryka.pl", "Jan Nowak", "Kierownik sprzedaży", "j.nowak@fabryka.pl", "+48 61 664 01 42"],
    );
}

#[test]
fn a_russian_mail() {
    check_message(
        "From: =?UTF-8?B?0J7Qu9GM0LPQsCDQotC40LzQvtGE0LXQtdCy0LA=?= <sale@stanko.ru>\nTo: snab@zavod.ru\nSubject: =?UTF-8?Q?Re:_=D0=97?=\n\nДобрый день!\n\nС уважением,\nТимофеева Ольга Сергеевна\nНачальник отдела продаж\nтел. 8 (343) 288-01-42, доб. 15\n\n09.02.2026 9:12, Ерлан <snab@zavod.ru> пишет:\n> www.zavod.ru",
        [
            "stanko.ru",
            "Тимофеева Ольга Сергеевна",
            "Начальник отдела продаж",
            "sale@stanko.ru",
            "+7 343 288-01-42 ext. 15",
        ],
    );
}

#[test]
fn a_dutch_mail_from_a_mail_provider() {
    check_message(
        "From: Roos van den Heuvel <roos@gmail.com>\nTo: inkoop@klant.nl\nSubject: kleuren\n\nHoi,\n\nGroetjes,\nRoos van den Heuvel\nOprichter\nwww.fietsgoed.nl\n030 - 200 12 34\n\nOp ma 2 feb. 2026 om 09:00 schreef Inkoop <inkoop@klant.nl>:\n> hallo",
        ["www.fietsgoed.nl", "Roos van den Heuvel", "Oprichter", "roos@gmail.com", "+31 30 200 1234"],
    );
}

#[test]
fn a_forwarded_chain_counts_by_its_inner_sender() {
    check_message(
        "From: Ben <ben@gmail.com>\nTo: Ana <ana@outlook.com>\nSubject: Fwd: Pilot\n\nfyi\n\n---------- Forwarded message ---------\nFrom: Marcus Delacroix <marcus@cedar.us>\nDate: Fri, Jan 30, 2026\nSubject: Pilot\nTo: ben@gmail.com\n\nHello,\n\nMarcus Delacroix\nCo-founder & CEO\nCedar Analytics, Inc.\n(828) 555-0143",
        ["cedar.us", "Marcus Delacroix", "Co-founder & CEO", "marcus@cedar.us", "+1 828-555-0143"],
    );
}

#[test]
fn mime_bodies_are_decoded() {
    let base64 = "SGFsbG8sCgpNaXQgZnJldW5kbGljaGVuIEdyw7zDn2VuCk1heCBNw7xsbGVyClZlcnRyaWVic2xlaXRlcgp3d3cuZmlybWEuZGUK";
    let message = |body: &str| format!("From: Max <max.firma@gmail.com>\nSubject: x\nMIME-Version: 1.0\n{body}");
    let person = ["www.firma.de", "Max Müller", "Vertriebsleiter", "max.firma@gmail.com", ""];
    check_message(
        &message(&format!("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n{base64}\n")),
        person,
    );
    check_message(
        &message(
            "Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\nHallo,=20\n\nMit freundlichen Gr=FC=DFen\nMax M=FCll=\ner\nVertriebsleiter\nwww.firma.de\n",
        ),
        person,
    );
    let parts = format!(
        "Content-Type: multipart/mixed; boundary=\"out\"\n\n--out\nContent-Type: multipart/alternative;\n boundary=in\n\n--in\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n{base64}\n--in\nContent-Type: text/html\n\n<p>https://other.com</p>\n--in--\n--out\nContent-Type: application/pdf\nContent-Transfer-Encoding: base64\n\nd3d3Lndyb25nLmRl\n--out--\n"
    );
    check_message(&message(&parts), person);
    check_message(
        &message(
            "Content-Type: text/html; charset=utf-8\n\n<html><p>Hallo<p>Mit freundlichen Grüßen<br>Max Müller<br>Vertriebsleiter<br><a href='https://www.firma.de/'>Web</a><blockquote>https://quoted.de</blockquote>",
        ),
        ["https://www.firma.de/", "Max Müller", "Vertriebsleiter", "max.firma@gmail.com", ""],
    );
}

#[test]
fn a_pasted_signature() {
    check_message(
        "Thanks for the demo! Recording: https://us02web.zoom.us/rec/1\n\nGrace Liu\nCustomer Success Manager\nCedar Analytics\np: (828) 555-0142 ext. 12\ne: grace@cedar.us\nPick a time: https://calendly.com/cedar/intro",
        ["cedar.us", "Grace Liu", "Customer Success Manager", "grace@cedar.us", "+1 828-555-0142 ext. 12"],
    );
    let content = read(
        "Hi\n\n-- \nAnn Lee | Firm Ltd\nhttps://www.linkedin.com/in/ann-lee\nhttps://twitter.com/intent/tweet?text=x\nfirm.co.uk",
    );
    assert_eq!(content.facts.links.len(), 1);
    assert_eq!(addresses(&content), ["firm.co.uk"]);
    assert_eq!(content.facts.company.map(|(company, _)| company).as_deref(), Some("Firm Ltd"));
}

#[test]
fn hostile_text_takes_no_time() {
    let nested = "Content-Type: multipart/mixed; boundary=x\n\n".to_owned()
        + &"--x\nContent-Type: multipart/mixed; boundary=x\n\n".repeat(20_000);
    for text in [
        ">".repeat(200_000),
        "> ".repeat(100_000),
        "From: a@b.de\nTo: c@d.de\n\n".repeat(5_000),
        "On 1 wrote:\n".repeat(20_000),
        "a.de ".repeat(20_000),
        "=?utf-8?Q?".repeat(20_000),
        format!("From: {}\nTo: x@y.de\n\nx", "=?utf-8?B?".repeat(20_000)),
        format!("From: a@b.de\nSubject: x\n{nested}"),
        "-----Original Message-----\n".repeat(20_000),
        "Best regards\n".repeat(20_000),
        "Subject: x\n".repeat(20_000),
        "a@firma.de b@firma.de ".repeat(2_000),
        "<div>".repeat(20_000),
    ] {
        let start = crate::effort::Effort::start();
        let _ = read(&text);
        assert!(start.spent().as_secs() < 20, "{}", crate::page::prefix(&text, 30));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_text_panics(text in "\\PC{0,300}") {
        let _ = read(&text);
    }

    #[test]
    fn no_message_panics(text in "(From: |To: |Subject: |Content-Type: multipart/x; boundary=b|--b|--b--|Content-Transfer-Encoding: base64|\n|\n\n|=\\?utf-8\\?B\\?|\\?=|a@b.de|> |On 1 x wrote:|-- \n|https://x.de|Ü|=C3|.|:|<p>){0,40}") {
        let _ = read(&text);
    }

    #[test]
    fn every_candidate_stands_in_the_text(text in "[a-z.@/: \n]{0,60}(firma\\.de|https://firma\\.de/x|a@firma\\.de)[a-z. \n]{0,40}") {
        for candidate in read(&text).candidates {
            let host = super::links::host(&candidate.address);
            prop_assert!(text.contains(&host), "{host} of {text}");
        }
    }
}

#[test]
fn a_companys_own_site_is_told_from_other_addresses() {
    let check = |written: &str, expected: Option<(&str, &str)>| {
        let site = own_site(written);
        assert_eq!(site.as_ref().map(|site| (site.host.as_str(), site.domain.as_str())), expected, "{written}");
    };
    check("https://www.Acme.co.uk/about?x=1", Some(("acme.co.uk", "acme.co.uk")));
    check("HTTP://shop.acme.com", Some(("shop.acme.com", "acme.com")));
    check(" acme.com/ ", Some(("acme.com", "acme.com")));
    check("müller.de", Some(("xn--mller-kva.de", "xn--mller-kva.de")));
    check("acme.example", Some(("acme.example", "acme.example")));
    for other in [
        "",
        "n/a",
        "Acme Ltd",
        "info@acme.com",
        "https://me:x@acme.com",
        "ftp://acme.com",
        "127.0.0.1",
        "http://[::1]/",
        "localhost",
        "co.uk",
        "acme.nosuchending",
        "https://www.linkedin.com/company/acme",
        "gmail.com",
    ] {
        check(other, None);
    }
    check(&format!("acme.com/{}", "a".repeat(10_000_000)), None);
}
