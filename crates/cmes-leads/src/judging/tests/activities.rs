//! What companies do.

use super::*;

#[test]
fn makers_are_told_from_dealers_users_and_services() {
    check(
        "<html lang=en><title>Acme Pipes – steel pipe manufacturer</title><meta name=description content='We manufacture seamless steel pipes for the oil industry.'>\
         <main><h1>Steel pipes made in Ohio</h1><p>Our mill produces 40,000 tonnes of pipe a year for refineries and shipyards.",
        &[
            ("+", "en:Pipe manufacturers"),
            ("+", "de:Rohrhersteller"),
            ("+", "fr:fabricants de tuyaux en acier"),
            ("+", "es:fabricantes de tubos"),
            ("+", "it:produttori di tubi"),
            ("+", "pl:producenci rur"),
            ("+", "ru:производители труб"),
            ("+", "zh:钢管厂家"),
            ("+", "nl:buizenfabrikanten"),
            ("+", "en:steel pipe suppliers"),
            ("no", "en:plumbers"),
            ("no", "en:oil refineries"),
            ("no", "de:Werften"),
            ("no", "en:pipe cleaning services"),
            ("no", "en:valve manufacturers"),
            ("no", "en:law firms"),
            ("no", "en:plastic pipe manufacturers"),
            ("no", "en:pipe bending machine manufacturers"),
        ],
    );
    check(
        "<html lang=en><title>Plumber in Leeds – Smith Plumbing</title><meta name=description content='Emergency plumber: leaking pipes repaired within the hour.'>\
         <main><h1>Your local plumbers</h1><p>We repair pipes, taps and boilers all over Leeds. Heating engineers on call.",
        &[
            ("+", "en:plumbers"),
            ("no", "en:pipe manufacturers"),
            ("no", "de:Rohrhersteller"),
            ("+", "fr:plombiers"),
            ("no", "en:boiler manufacturers"),
        ],
    );
    check(
        "<html lang=en><title>Brown Steel – steel stockist and distributor</title><meta name=description content='Steel distributor with 3,000 tonnes in stock.'>\
         <main><h1>Steel wholesale</h1><p>We distribute bars, sheet and steel tubes from leading manufacturers. Traders in steel since 1970.",
        &[
            ("+", "en:Steel traders"),
            ("+", "de:Stahlhändler"),
            ("-", "en:steel manufacturers"),
            ("+", "en:steel wholesalers"),
            ("no", "en:car dealers"),
        ],
    );
    check(
        "<html lang=en><title>Iron Valley Steel Mill</title><meta name=description content='Steel producer: our mill makes rebar and bar steel.'>\
         <main><h1>Steel made in the valley</h1><p>We produce 200,000 tonnes of steel a year in our own furnaces. Our factory runs day and night.",
        &[
            ("-", "en:Steel traders"),
            ("+", "en:steel manufacturers"),
            ("+", "fr:fabricants d'acier"),
            ("no", "de:Stahlhändler"),
        ],
    );
}

#[test]
fn what_is_used_served_denied_or_written_about_does_not_count() {
    check(
        "<html lang=en><title>Sealwell – mechanical seals</title><meta name=description content='Mechanical seals for pumps and valves.'>\
         <main><h1>Mechanical seals</h1><p>We manufacture mechanical seals for pump makers. We do not make pumps.<h2>Our customers</h2><p>Breweries, dairies and shipyards buy from us.",
        &[
            ("+", "en:seal manufacturers"),
            ("+", "de:Hersteller von Dichtungen"),
            ("no", "en:pump manufacturers"),
            ("no", "en:breweries"),
            ("no", "en:valve manufacturers"),
            ("no", "de:Molkereien"),
        ],
    );
    check(
        "<html lang=de><title>Berger Software GmbH</title><meta name=description content='Software für Anwaltskanzleien und Notare.'>\
         <main><h1>Kanzleisoftware</h1><p>Wir entwickeln Software für Rechtsanwälte. Zu unseren Kunden zählen 300 Kanzleien.",
        &[
            ("+", "de:Softwareunternehmen"),
            ("+", "en:software companies"),
            ("no", "de:Rechtsanwälte"),
            ("no", "en:law firms"),
            ("no", "fr:notaires"),
        ],
    );
    check(
        "<html lang=de><title>Kälte Krause – Kühlanlagen</title><main><h1>Kälteanlagen für Metzgereien und Bäckereien</h1><p>Wir bauen und warten Kälteanlagen. Backöfen stellen wir nicht her.",
        &[
            ("+", "de:Kältetechnik"),
            ("no", "de:Metzgereien"),
            ("no", "de:Bäckereien"),
            ("no", "en:industrial oven manufacturers"),
        ],
    );
    check(
        "<html lang=fr><title>Net'Plus – nettoyage de canalisations</title><main><h1>Nettoyage de tuyaux et canalisations</h1><p>Notre entreprise assure le nettoyage de canalisations. Nous ne vendons pas de tuyaux.",
        &[
            ("no", "fr:fabricants de tuyaux"),
            ("+", "fr:nettoyage de canalisations"),
            ("+", "de:Rohrreinigung"),
            ("+", "en:pipe cleaning"),
        ],
    );
    check(
        "<html lang=ru><title>НасосСервис – ремонт насосов</title><main><h1>Ремонт насосов</h1><p>Наша компания выполняет ремонт промышленных насосов. Мы не производим насосы.",
        &[
            ("+", "ru:ремонт насосов"),
            ("+", "en:pump repair"),
            ("no", "ru:производители насосов"),
            ("no", "de:Pumpenhersteller"),
        ],
    );
    check(
        "<html lang=en><title>The Wine Blog</title><main><h1>Thoughts on software and wine glasses</h1><p>A magazine about glass and design. We review wine glasses from all over the world.",
        &[("no", "en:wineries"), ("no", "en:wine wholesalers")],
    );
}

#[test]
fn companies_are_understood_in_many_languages() {
    check(
        "<html lang=de><title>Kreiselpumpen für Schiffe – Nordwind</title><main><h1>Pumpen aus Hamburg</h1><p>Wir entwickeln und fertigen Kreiselpumpen für Werften.",
        &[
            ("+", "de:Pumpenhersteller"),
            ("+", "en:pump manufacturers"),
            ("+", "ja:ポンプメーカー"),
            ("+", "tr:pompa üreticileri"),
            ("no", "en:shipyards"),
            ("no", "de:Großhandel für Lebensmittel"),
        ],
    );
    check(
        "<html lang=fr><title>Menuiserie Dubois – fenêtres en bois</title><main><h1>Fabricant de fenêtres en bois</h1><p>Nous fabriquons des fenêtres et portes en bois sur mesure dans notre atelier.",
        &[
            ("+", "fr:fabricants de fenêtres"),
            ("+", "de:Fensterhersteller"),
            ("+", "pl:producenci okien drewnianych"),
            ("no", "fr:fabricants de fenêtres en aluminium"),
            ("no", "en:glass manufacturers"),
        ],
    );
    check(
        "<html lang=es><title>Bodegas Ruiz – vinos de Rioja</title><main><h1>Vinos de nuestra bodega</h1><p>Elaboramos vinos en nuestra bodega familiar desde 1920. Nuestros viñedos están en La Rioja.",
        &[
            ("+", "es:bodegas"),
            ("+", "en:wineries"),
            ("+", "de:Weingüter"),
            ("no", "en:breweries"),
            ("no", "es:fabricantes de queso"),
        ],
    );
    check(
        "<html lang=it><title>Caseificio Rossi</title><main><h1>Formaggi di montagna</h1><p>Il nostro caseificio produce formaggi con latte di montagna. Produzione artigianale dal 1950.",
        &[
            ("+", "it:produttori di formaggi"),
            ("+", "en:cheese producers"),
            ("+", "fr:fromageries"),
            ("no", "it:salumifici"),
            ("no", "en:pharmaceutical companies"),
        ],
    );
    check(
        "<html lang=pl><title>Drukarnia Kowalski – druk offsetowy</title><main><h1>Drukarnia w Poznaniu</h1><p>Drukujemy katalogi, etykiety i książki. Nasza drukarnia działa od 1991 roku.",
        &[
            ("+", "pl:drukarnie"),
            ("+", "en:printing companies"),
            ("+", "de:Druckereien"),
            ("no", "en:paper mills"),
            ("no", "pl:wydawnictwa"),
        ],
    );
    check(
        "<html lang=ru><title>Кирпичный завод «Красный»</title><main><h1>Кирпич от производителя</h1><p>Завод производит керамический кирпич для строительства. Отгрузка по всей России.",
        &[
            ("+", "ru:кирпичные заводы"),
            ("+", "en:brick manufacturers"),
            ("+", "de:Ziegelhersteller"),
            ("no", "ru:строительство домов"),
            ("no", "en:cement manufacturers"),
        ],
    );
    check(
        "<html lang=nl><title>De Vries Kwekerij – planten en bloemen</title><main><h1>Plantenkwekerij</h1><p>Wij kweken bloemen en planten voor tuincentra. Onze kwekerij ligt in Aalsmeer.",
        &[
            ("+", "nl:plantenkwekerijen"),
            ("+", "en:plant nurseries"),
            ("no", "nl:tuincentra"),
            ("no", "en:wind turbine manufacturers"),
        ],
    );
    check(
        "<html lang=zh><title>宁波恒达轴承有限公司</title><main><h1>轴承制造商</h1><p>我们生产深沟球轴承和滚子轴承，产品出口欧洲。",
        &[
            ("+", "en:bearing manufacturers"),
            ("+", "zh:轴承厂家"),
            ("+", "de:Wälzlagerhersteller"),
            ("no", "en:gear manufacturers"),
            ("no", "zh:玩具厂家"),
        ],
    );
    check(
        "<html lang=ja><title>株式会社山田ばね製作所</title><main><h1>ばねメーカー</h1><p>当社は圧縮ばねの製造を行っています。自動車向けのばねを生産しています。",
        &[
            ("+", "en:spring manufacturers"),
            ("+", "ja:ばねメーカー"),
            ("no", "en:car manufacturers"),
            ("no", "ja:ホテル"),
        ],
    );
    check(
        "<html lang=pt><title>Transportadora Silva – transporte rodoviário</title><main><h1>Transporte de cargas</h1><p>Somos uma transportadora com frota própria de 80 caminhões.",
        &[
            ("+", "pt:transportadoras"),
            ("+", "en:logistics companies"),
            ("+", "de:Speditionen"),
            ("no", "en:truck manufacturers"),
        ],
    );
}

#[test]
fn words_beyond_the_lexicon_are_found_in_the_language_of_the_site() {
    let html = "<html lang=de><title>Seilerei Huber</title><main><h1>Drahtseile und Hanfseile</h1><p>Unsere Seilerei dreht Hanfseile und Drahtseile für Bergbahnen. Handgemachte Seile seit 1880.";
    check(
        html,
        &[
            ("yes", "de:Seilereien"),
            ("yes", "de:Hersteller von Hanfseilen"),
            ("no", "de:Korbflechter"),
            ("no", "en:beekeepers"),
        ],
    );
    let html = "<html lang=en><title>Hill Farm Taxidermy</title><main><h1>Taxidermists in Devon</h1><p>We are taxidermists with 30 years of practice and mount birds for museums.";
    check(
        html,
        &[
            ("yes", "en:taxidermists"),
            ("yes", "en:taxidermist"),
            ("no", "en:blacksmiths"),
            ("?", "de:Tierpräparatoren"),
        ],
    );
    // Where the words cannot tell, likeness of meaning may.
    let pages = [page("https://hill.example/", html)];
    let data = profile(&pages);
    for (likeness, is_match) in [(None, false), (Some(0.60), false), (Some(0.95), true)] {
        let company = Company { pages: &pages, data: data.as_ref(), likeness };
        assert_eq!(judge(&activity("de", "Tierpräparatoren"), &company).is_match(), is_match, "{likeness:?}");
        // It never speaks against the words.
        assert!(judge(&activity("en", "taxidermists"), &company).is_match());
        assert!(!judge(&activity("en", "law firms"), &company).is_match());
    }
}

#[test]
fn a_whole_name_is_meant_beside_what_else_its_words_say() {
    let yard = "<html lang=nl><title>Scheepswerf Kade</title><main><h1>Scheepswerf in Amsterdam</h1><p>Onze scheepswerf bouwt schepen op maat.";
    let printer = "<html lang=en><title>Bosphorus Prints – fabric printing</title><main><h1>Fabric printing in Istanbul</h1><p>We print on fabric for fashion labels.";
    let check = |text: &str, html: &str| assert!(judged(html, &Query::read(text)).is_match(), "{text}");
    check("estaleiros", yard);
    check("shipyards", yard);
    // A factory of a service is that service.
    check("纺织印花厂", printer);
    check("estamparias têxteis", printer);
}

#[test]
fn companies_are_known_by_what_they_say_without_the_name_of_their_trade() {
    check(
        "<html lang=es><title>Pozos y sondeos | Hermanos Ruiz</title><main><h1>Agua para su finca</h1><p>Perforamos pozos hasta 300 metros en Jaén.",
        &[("yes", "en:water well drillers"), ("yes", "de:Brunnenbauer"), ("no", "en:swimming pool builders")],
    );
    check(
        "<html lang=de><title>Kammerjäger Voss</title><main><h1>Rattenbekämpfung und Wespennester</h1><p>Wir sind in einer Stunde bei Ihnen.",
        &[("yes", "en:pest control companies"), ("no", "en:cleaning companies")],
    );
    // A list of several things makes none of them the main one.
    check(
        "<html lang=pl><title>Książki, Katalogi, Etykiety, Ulotki</title><meta name=description content='Etykiety, Książki, Foldery, Ulotki. Ulotki, Etykiety, Katalogi, Kalendarze.'><main><h1>Ostrów Druk – druk offsetowy i cyfrowy</h1><p>Od 1990 roku.",
        &[("yes", "pl:drukarnie"), ("yes", "en:printers")],
    );
}

#[test]
fn who_makes_something_for_them_is_none_of_those_who_do_it() {
    check(
        "<html lang=de><title>Windeautomaten | Wiesenthal GmbH</title><main><h1>Windeautomaten</h1><p>Wer Federn herstellt, kennt unsere Windeautomaten. Wir bauen Maschinen seit 1960.",
        &[("no", "de:Federnhersteller")],
    );
}
