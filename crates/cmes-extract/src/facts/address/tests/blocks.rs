//! Blocks of addresses by country, as imprints and contact pages hold them.

use super::check_all;

#[test]
fn germany() {
    check_all(
        "DE",
        "de",
        &[
            (
                "Nordwind Pumpen GmbH // Kranhafenweg 14 // 21107 Hamburg // Deutschland",
                "21107|Hamburg||Kranhafenweg 14",
            ),
            ("Müller GmbH, Hauptstr. 5a, D-80331 München", "80331|München||Hauptstr. 5a"),
            (
                "Muster AG | Straße des 17. Juni 135 | 10623 Berlin | Tel. 030 123456",
                "10623|Berlin||Straße des 17. Juni 135",
            ),
            ("Foo & Bar GbR · Am Alten Markt 3-5 · 18055 Rostock", "18055|Rostock||Am Alten Markt 3-5"),
            (
                "Beispiel GmbH // Industriestraße 12 // Gebäude C, 2. OG // 70565 Stuttgart-Vaihingen",
                "70565|Stuttgart-Vaihingen||Industriestraße 12|Gebäude C, 2. OG",
            ),
            (
                "Muster GmbH // Postfach 10 12 13 // 60012 Frankfurt am Main",
                "60012|Frankfurt am Main||Postfach 10 12 13",
            ),
            ("Anschrift: Lange Reihe 7, 20099 Hamburg, Germany", "20099|Hamburg||Lange Reihe 7"),
            ("Hauptstraße 1 – 63065 Offenbach – Telefon +49 69 123456", "63065|Offenbach||Hauptstraße 1"),
            ("c/o Werkraum // Gartenweg 3 // D - 10115 Berlin", "10115|Berlin||Gartenweg 3|c/o Werkraum"),
            ("Musterstr. 12 10115 Berlin", "10115|Berlin||Musterstr. 12"),
            ("Inh. Karl Weiß // C 4, 12 // Kaiserring 10 // DE-68161 Mannheim", "68161|Mannheim||Kaiserring 10"),
        ],
    );
}

#[test]
fn austria_and_switzerland_and_liechtenstein() {
    check_all(
        "AT",
        "de",
        &[
            (
                "Drechslerei Pöstl // Inh. Johann Pöstl // Mühlbachgasse 3 // A-4600 Thalheim bei Wels",
                "4600|Thalheim bei Wels||Mühlbachgasse 3",
            ),
            (
                "Muster e.U., Inhaber: Hans Muster, Mariahilfer Straße 45/2/8, 1060 Wien, Österreich. FN 999123x",
                "1060|Wien||Mariahilfer Straße 45/2/8",
            ),
            ("AT-6020 Innsbruck, Innrain 52", "6020|Innsbruck||Innrain 52"),
        ],
    );
    check_all(
        "CH",
        "de",
        &[
            (
                "Alpblick Optik AG // Linsenstrasse 9 // CH-3099 Rüti b. Bern // Schweiz",
                "3099|Rüti b. Bern||Linsenstrasse 9",
            ),
            (
                "Alpblick Optik AG, Bahnhofstrasse 1, 8001 Zürich, Schweiz. UID CHE-999.999.123 MWST.",
                "8001|Zürich||Bahnhofstrasse 1",
            ),
            ("Horloges SA // Rue du Lac 12 // CH-2000 Neuchâtel", "2000|Neuchâtel||Rue du Lac 12"),
        ],
    );
    check_all("LI", "de", &[("Muster Anstalt // Landstrasse 60 // FL-9490 Vaduz", "9490|Vaduz||Landstrasse 60")]);
}

#[test]
fn france_and_belgium_and_luxembourg() {
    check_all(
        "FR",
        "fr",
        &[
            ("Atelier Lumen SARL // 12 rue des Teinturières // 69007 Lyon", "69007|Lyon||12 rue des Teinturières"),
            (
                "Siège social : 12 bis, avenue de la République, 75011 Paris, France",
                "75011|Paris||12 bis, avenue de la République",
            ),
            (
                "Tour Maine // 33 avenue du Maine // BP 123 // 75755 Paris Cedex 15",
                "75755|Paris||Tour Maine, 33 avenue du Maine|BP 123",
            ),
            (
                "ZI des Paluds - 120 chemin du Douard - F-13400 Aubagne",
                "13400|Aubagne||ZI des Paluds, 120 chemin du Douard",
            ),
        ],
    );
    check_all(
        "BE",
        "nl",
        &[
            ("Muster NV // Meir 48 bus 3 // B-2000 Antwerpen // België", "2000|Antwerpen||Meir 48 bus 3"),
            ("Brussels Office SA, Avenue Louise 149, 1050 Bruxelles, Belgique", "1050|Bruxelles||Avenue Louise 149"),
        ],
    );
    check_all(
        "LU",
        "fr",
        &[("Société S.à r.l. // 6, rue Eugène Ruppert // L-2453 Luxembourg", "2453|Luxembourg||6, rue Eugène Ruppert")],
    );
}

#[test]
fn netherlands() {
    check_all(
        "NL",
        "nl",
        &[
            (
                "Fietsgoed B.V. // Kanaaldijk-Oost 88 // 3542 ZZ Utrecht // Nederland",
                "3542 ZZ|Utrecht||Kanaaldijk-Oost 88",
            ),
            ("Herengracht 182, 1016BR Amsterdam", "1016 BR|Amsterdam||Herengracht 182"),
            ("Postbus 123, 5201 AC 's-Hertogenbosch", "5201 AC|'s-Hertogenbosch||Postbus 123"),
        ],
    );
}

#[test]
fn united_kingdom_and_ireland() {
    check_all(
        "GB",
        "en",
        &[
            (
                "Thornfield Fasteners Ltd // Thornfield House // 18 Foundry Lane // Trafford Park // Manchester // M17 9ZZ",
                "M17 9ZZ|Manchester||Thornfield House, 18 Foundry Lane|Trafford Park",
            ),
            ("18 Foundry Lane, Manchester M17 9ZZ", "M17 9ZZ|Manchester||18 Foundry Lane"),
            (
                "Acme Ltd, 2nd Floor, 76 Wigmore Street, London W1U 6TU, UK",
                "W1U 6TU|London||2nd Floor, 76 Wigmore Street",
            ),
            ("10 High Street // Guildford // Surrey // GU1 3AA // England", "GU1 3AA|Guildford|Surrey|10 High Street"),
            ("Unit 7, Pine Court // Mill Road // Leeds // LS12 9DH", "LS12 9DH|Leeds||Unit 7, Pine Court, Mill Road"),
            ("4 Church Lane, Upton, Gloucestershire GL50 9ZZ", "GL50 9ZZ|Upton|Gloucestershire|4 Church Lane"),
            ("Unit 4, Creekside Trade Park // London // SE8 9XA", "SE8 9XA|London||Unit 4, Creekside Trade Park"),
            (
                "Registered office: 7 Granton Works Road, Edinburgh, Scotland, EH5 9ZT",
                "EH5 9ZT|Edinburgh|Scotland|7 Granton Works Road",
            ),
        ],
    );
    check_all(
        "IE",
        "en",
        &[
            ("Acme Teo, 25 Merrion Square, Dublin 2, D02 AF30, Ireland", "D02 AF30|Dublin 2||25 Merrion Square"),
            ("Unit 5, Airport Business Park // Cork // T12 X8N6", "T12 X8N6|Cork||Unit 5, Airport Business Park"),
        ],
    );
}

#[test]
fn spain_and_portugal() {
    check_all(
        "ES",
        "es",
        &[
            (
                "Polígono Industrial El Canyar, calle 3, nave 27 // 46469 Beniparrell (Valencia)",
                "46469|Beniparrell|Valencia|Polígono Industrial El Canyar, calle 3, nave 27",
            ),
            ("Calle de Alcalá, 45, 3º A, 28014 Madrid, España", "28014|Madrid||Calle de Alcalá, 45, 3º A"),
            ("Calle Mayor, 5. 28013 Madrid", "28013|Madrid||Calle Mayor, 5"),
            ("Gran Vía, 45 // 48011 Bilbao, Bizkaia", "48011|Bilbao|Bizkaia|Gran Vía, 45"),
            (
                "Pol. Ind. Las Salinas, C/ Bronce, 14 // 28350 Ciempozuelos (Madrid)",
                "28350|Ciempozuelos|Madrid|Pol. Ind. Las Salinas, C/ Bronce, 14",
            ),
            ("C/ Balmes 129 bis // 08008 Barcelona", "08008|Barcelona||C/ Balmes 129 bis"),
        ],
    );
    check_all(
        "PT",
        "pt",
        &[
            (
                "Empresa, Lda. // Rua do Ouro, 25, 2º Esq. // 1100-061 Lisboa // Portugal",
                "1100-061|Lisboa||Rua do Ouro, 25, 2º Esq.",
            ),
            ("Avenida da Boavista 1015 // 4100-128 Porto", "4100-128|Porto||Avenida da Boavista 1015"),
        ],
    );
}

#[test]
fn italy() {
    check_all(
        "IT",
        "it",
        &[
            (
                "Studio Legale Ferrantini & Associati // Via dei Cartolai 27 // 50122 Firenze (FI), Italia",
                "50122|Firenze|FI|Via dei Cartolai 27",
            ),
            ("Sede legale: Via Torino 2, 20123 Milano MI", "20123|Milano|MI|Via Torino 2"),
            (
                "Rossi S.p.A. - Corso Vittorio Emanuele II, 15 - I-10123 Torino (TO)",
                "10123|Torino|TO|Corso Vittorio Emanuele II, 15",
            ),
            (
                "Z.I. Campolungo, Via dell'Industria 5/B, 63100 Ascoli Piceno AP",
                "63100|Ascoli Piceno|AP|Z.I. Campolungo, Via dell'Industria 5/B",
            ),
            ("Loc. Poggio al Sole, snc // 53024 Montalcino (SI)", "53024|Montalcino|SI|Loc. Poggio al Sole, snc"),
            // It has an estate, which is not named.
            (
                "Rossi S.r.l. - Via del Lavoro 8 - Z.I. - 31033 Castelfranco Veneto (TV)",
                "31033|Castelfranco Veneto|TV|Via del Lavoro 8",
            ),
        ],
    );
}

#[test]
fn poland_and_czechia_and_slovakia() {
    check_all(
        "PL",
        "pl",
        &[
            (
                "Borowik Meble Sp. z o.o., ul. Stolarska 8a, 62-099 Wronczyn, woj. wielkopolskie",
                "62-099|Wronczyn|wielkopolskie|ul. Stolarska 8a",
            ),
            ("Firma S.A. // al. Jerozolimskie 56C // 00-803 Warszawa", "00-803|Warszawa||al. Jerozolimskie 56C"),
        ],
    );
    check_all(
        "CZ",
        "cs",
        &[
            ("Firma s.r.o. // Na Příkopě 14 // 110 00 Praha 1", "110 00|Praha 1||Na Příkopě 14"),
            ("Firma a.s., Vídeňská 125, 619 00 Brno, Česká republika", "619 00|Brno||Vídeňská 125"),
        ],
    );
    check_all(
        "SK",
        "sk",
        &[("Firma s.r.o. // Mlynské nivy 16 // 821 09 Bratislava", "821 09|Bratislava||Mlynské nivy 16")],
    );
}

#[test]
fn south_eastern_europe() {
    check_all(
        "HU",
        "hu",
        &[
            ("Cég Kft. // 1011 Budapest, Fő utca 5.", "1011|Budapest||Fő utca 5."),
            ("Székhely: 6720 Szeged, Kárász utca 9.", "6720|Szeged||Kárász utca 9."),
        ],
    );
    check_all(
        "RO",
        "ro",
        &[("Firma SRL, Str. Lipscani nr. 25, 030031 București, România", "030031|București||Str. Lipscani nr. 25")],
    );
    check_all("BG", "bg", &[("Фирма ООД // бул. Витоша 15 // 1000 София", "1000|София||бул. Витоша 15")]);
    check_all(
        "GR",
        "el",
        &[("Εταιρεία ΑΕ // Λεωφόρος Κηφισίας 32 // 151 25 Μαρούσι", "151 25|Μαρούσι||Λεωφόρος Κηφισίας 32")],
    );
    check_all(
        "HR",
        "hr",
        &[(
            "Tvrtka d.o.o., Ulica grada Vukovara 269, 10000 Zagreb, Hrvatska",
            "10000|Zagreb||Ulica grada Vukovara 269",
        )],
    );
    check_all(
        "SI",
        "sl",
        &[("Podjetje d.o.o., Dunajska cesta 5, SI-1000 Ljubljana", "1000|Ljubljana||Dunajska cesta 5")],
    );
    check_all(
        "RS",
        "sr",
        &[("Firma d.o.o., Bulevar oslobođenja 12, 21000 Novi Sad, Srbija", "21000|Novi Sad||Bulevar oslobođenja 12")],
    );
    check_all(
        "TR",
        "tr",
        &[
            (
                "Karasu Tekstil Sanayi ve Ticaret A.Ş. // Merkez Mah. Çırçır Sok. No: 14/2 // 34999 Bağcılar / İstanbul",
                "34999|Bağcılar|İstanbul|Merkez Mah. Çırçır Sok. No: 14/2",
            ),
            ("Atatürk Cad. No: 10, 35210 Konak/İzmir, Türkiye", "35210|Konak|İzmir|Atatürk Cad. No: 10"),
        ],
    );
}

#[test]
fn the_north_and_the_baltics() {
    check_all(
        "SE",
        "sv",
        &[
            (
                "Besöksadress: Solgatan 6, 412 99 Göteborg // Postadress: Box 9912, 400 99 Göteborg",
                "412 99|Göteborg||Solgatan 6",
            ),
            ("Bolaget AB // Drottninggatan 33 // SE-111 51 Stockholm // Sweden", "111 51|Stockholm||Drottninggatan 33"),
        ],
    );
    check_all("NO", "no", &[("Firma AS // Karl Johans gate 5 // 0154 Oslo", "0154|Oslo||Karl Johans gate 5")]);
    check_all(
        "DK",
        "da",
        &[
            ("Firma ApS // Vestergade 12, 2. th // 1456 København K", "1456|København K||Vestergade 12, 2. th"),
            ("Strandvejen 100, DK-2900 Hellerup", "2900|Hellerup||Strandvejen 100"),
        ],
    );
    check_all(
        "FI",
        "fi",
        &[("Yritys Oy // Mannerheimintie 14 // 00100 Helsinki", "00100|Helsinki||Mannerheimintie 14")],
    );
    check_all("EE", "et", &[("Firma OÜ // Narva mnt 5 // 10117 Tallinn", "10117|Tallinn||Narva mnt 5")]);
    check_all("LV", "lv", &[("SIA Firma, Brīvības iela 40, Rīga, LV-1050", "LV-1050|Rīga||Brīvības iela 40")]);
    check_all("LT", "lt", &[("UAB Firma, Gedimino pr. 9, LT-01103 Vilnius", "LT-01103|Vilnius||Gedimino pr. 9")]);
}

#[test]
fn russia_and_ukraine() {
    check_all(
        "RU",
        "ru",
        &[
            (
                "Адрес: 620099, Свердловская область, г. Екатеринбург, ул. Лесопильная, д. 15, корп. 2",
                "620099|Екатеринбург|Свердловская область|ул. Лесопильная, д. 15, корп. 2",
            ),
            ("115035, г. Москва, ул. Садовническая, д. 5", "115035|Москва||ул. Садовническая, д. 5"),
            (
                "190000, Россия, Санкт-Петербург, Невский проспект, 28, офис 301",
                "190000|Санкт-Петербург||Невский проспект, 28, офис 301",
            ),
            ("г. Казань, ул. Баумана, д. 20, 420111", "420111|Казань||ул. Баумана, д. 20"),
        ],
    );
    check_all(
        "UA",
        "uk",
        &[
            ("ТОВ «Фірма» // 01001, м. Київ, вул. Хрещатик, 22", "01001|Київ||вул. Хрещатик, 22"),
            ("вул. Городоцька, 15, м. Львів, 79007, Україна", "79007|Львів||вул. Городоцька, 15"),
        ],
    );
}

#[test]
fn north_america() {
    check_all(
        "US",
        "en",
        &[
            (
                "Cedar Hollow Analytics, Inc. // 418 Haywood Mill Road, Suite 300 // Asheville, NC 28899 // United States",
                "28899|Asheville|NC|418 Haywood Mill Road|Suite 300",
            ),
            ("1600 Amphitheatre Pkwy, Mountain View, CA 94043, USA", "94043|Mountain View|CA|1600 Amphitheatre Pkwy"),
            (
                "350 Fifth Avenue, 34th Floor // New York, NY 10118-3299",
                "10118-3299|New York|NY|350 Fifth Avenue|34th Floor",
            ),
            ("2100 Ross Ave Ste 800 // Dallas, Texas 75201", "75201|Dallas|TX|2100 Ross Ave|Ste 800"),
            ("One Harbor Way, Redmond, WA 98052", "98052|Redmond|WA|One Harbor Way"),
            ("P.O. Box 1234, Boise, ID 83701", "83701|Boise|ID|P.O. Box 1234"),
            ("418 Haywood Mill Road Asheville NC 28899", "28899|Asheville|NC|418 Haywood Mill Road"),
        ],
    );
    check_all(
        "CA",
        "en",
        &[
            (
                "100 King Street West, Suite 5700, Toronto, ON M5X 1C7, Canada",
                "M5X 1C7|Toronto|ON|100 King Street West|Suite 5700",
            ),
            (
                "1250, boul. René-Lévesque Ouest // Montréal (Québec) H3B 4W8",
                "H3B 4W8|Montréal|QC|1250, boul. René-Lévesque Ouest",
            ),
        ],
    );
}

#[test]
fn latin_america() {
    check_all(
        "BR",
        "pt",
        &[
            (
                "Rodovia BR-267, km 512, Bairro Chapadão, Poços de Caldas/MG, CEP 37719-999",
                "37719-999|Poços de Caldas|MG|Rodovia BR-267, km 512|Bairro Chapadão",
            ),
            (
                "Rodovia BR-267, km 512 // Bairro Chapadão // Poços de Caldas – MG // 37719-999 // Brasil",
                "37719-999|Poços de Caldas|MG|Rodovia BR-267, km 512|Bairro Chapadão",
            ),
            (
                "Av. Paulista, 1578 - Bela Vista, São Paulo - SP, 01310-200",
                "01310-200|São Paulo|SP|Av. Paulista, 1578|Bela Vista",
            ),
            (
                "Rua das Palmeiras, 410, Sala 12, Distrito Industrial, Blumenau, SC, 89012-000",
                "89012-000|Blumenau|SC|Rua das Palmeiras, 410, Sala 12|Distrito Industrial",
            ),
            (
                "Rua XV de Novembro, 55 - Bloco B // Centro - Curitiba/PR // CEP 80020-310",
                "80020-310|Curitiba|PR|Rua XV de Novembro, 55, Bloco B|Centro",
            ),
            (
                "Av. Fernandes Lima, 900, Farol, Maceió, AL, 57055-000",
                "57055-000|Maceió|AL|Av. Fernandes Lima, 900|Farol",
            ),
        ],
    );
    check_all(
        "MX",
        "es",
        &[
            (
                "Av. Paseo de la Reforma 222, Col. Juárez, 06600 Ciudad de México, México",
                "06600|Ciudad de México||Av. Paseo de la Reforma 222|Col. Juárez",
            ),
            (
                "Calle Hidalgo 450, Col. Centro, C.P. 64000, Monterrey, Nuevo León, México",
                "64000|Monterrey|Nuevo León|Calle Hidalgo 450|Col. Centro",
            ),
            // The states of Mexico have no short form in postal use.
            ("Blvd. Aeropuerto 200 // 37545 León, Gto.", "37545|León|Guanajuato|Blvd. Aeropuerto 200"),
            (
                "Av. Lázaro Cárdenas 1000 // 64750 Monterrey, N.L.",
                "64750|Monterrey|Nuevo León|Av. Lázaro Cárdenas 1000",
            ),
        ],
    );
    check_all(
        "AR",
        "es",
        &[("Av. Corrientes 1234, C1043AAZ Buenos Aires, Argentina", "C1043AAZ|Buenos Aires||Av. Corrientes 1234")],
    );
}

#[test]
fn asia_in_its_own_scripts() {
    check_all(
        "JP",
        "ja",
        &[
            (
                "株式会社青空精機　〒392-0099　長野県諏訪市湖南9999-1　TEL：0266-53-0142",
                "392-0099|諏訪市|長野県|湖南9999-1",
            ),
            (
                "〒100-0005 // 東京都千代田区丸の内1-2-3 丸の内ビル5F",
                "100-0005|千代田区|東京都|丸の内1-2-3|丸の内ビル5F",
            ),
            (
                "本社：〒２２０−００１２　神奈川県横浜市西区みなとみらい2-2-1",
                "220-0012|横浜市西区|神奈川県|みなとみらい2-2-1",
            ),
            ("大阪府大阪市北区梅田3丁目1番3号", "|大阪市北区|大阪府|梅田3丁目1番3号"),
        ],
    );
    check_all(
        "CN",
        "zh",
        &[
            (
                "地址：浙江省杭州市余杭区良渚街道海澄路999号　邮编：311199",
                "311199|杭州市|浙江省|余杭区良渚街道海澄路999号",
            ),
            ("地址：上海市浦东新区世纪大道100号 电话：021-12345678", "|上海市||浦东新区世纪大道100号"),
        ],
    );
    check_all("TW", "zh-TW", &[("110台北市信義區信義路五段7號", "110|台北市||信義區信義路五段7號")]);
    check_all(
        "KR",
        "ko",
        &[
            ("주소: 인천광역시 남동구 한빛로 99 (우) 21699", "21699|남동구|인천광역시|한빛로 99"),
            ("(06236) 서울특별시 강남구 테헤란로 123, 5층", "06236|강남구|서울특별시|테헤란로 123, 5층"),
            ("경기도 성남시 분당구 판교역로 166", "|성남시|경기도|분당구 판교역로 166"),
        ],
    );
    check_all("IL", "he", &[("רחוב הארבעה 28, תל אביב 6473925", "6473925|תל אביב||רחוב הארבעה 28")]);
    check_all(
        "AE",
        "ar",
        &[(
            "مكتب ٢١٠٤، برج الواحة // شارع السطوة // دبي // الإمارات العربية المتحدة",
            "|دبي||مكتب ٢١٠٤، برج الواحة|شارع السطوة",
        )],
    );
}

#[test]
fn asia_and_the_south_in_latin_letters() {
    check_all(
        "JP",
        "en",
        &[("1-2-3 Marunouchi, Chiyoda-ku, Tokyo 100-0005, Japan", "100-0005|Tokyo||1-2-3 Marunouchi, Chiyoda-ku")],
    );
    check_all(
        "CN",
        "en",
        &[(
            "No. 999 Haicheng Road, Yuhang District, Hangzhou 311199, Zhejiang, China",
            "311199|Hangzhou|Zhejiang|No. 999 Haicheng Road, Yuhang District",
        )],
    );
    check_all(
        "IN",
        "en",
        &[
            (
                "Plot No. 12, MIDC Industrial Area, Andheri East, Mumbai - 400093, Maharashtra, India",
                "400093|Mumbai|Maharashtra|Plot No. 12, MIDC Industrial Area, Andheri East",
            ),
            ("42 MG Road, Bengaluru 560 001, India", "560 001|Bengaluru||42 MG Road"),
        ],
    );
    check_all(
        "SG",
        "en",
        &[("1 Raffles Place, #20-01 Tower 2, Singapore 048616", "048616|Singapore||1 Raffles Place, #20-01 Tower 2")],
    );
    check_all(
        "AU",
        "en",
        &[
            ("Level 5, 100 George Street, Sydney NSW 2000, Australia", "2000|Sydney|NSW|Level 5, 100 George Street"),
            ("12 Collins St // Melbourne VIC 3000", "3000|Melbourne|VIC|12 Collins St"),
        ],
    );
    check_all(
        "NZ",
        "en",
        &[("Level 2, 45 Queen Street, Auckland 1010, New Zealand", "1010|Auckland||Level 2, 45 Queen Street")],
    );
    check_all("ZA", "en", &[("15 Rivonia Road, Sandton, 2196, South Africa", "2196|Sandton||15 Rivonia Road")]);
    check_all(
        "AE",
        "en",
        &[(
            "Office 2104, Al Waha Tower, Sheikh Zayed Road, P.O. Box 99912, Dubai, United Arab Emirates",
            "|Dubai||Office 2104, Al Waha Tower, Sheikh Zayed Road|P.O. Box 99912",
        )],
    );
    check_all("TH", "en", &[("99 Rama IX Road, Bangkok 10310, Thailand", "10310|Bangkok||99 Rama IX Road")]);
    check_all("MY", "en", &[("12 Jalan Ampang, 50450 Kuala Lumpur, Malaysia", "50450|Kuala Lumpur||12 Jalan Ampang")]);
    check_all(
        "ID",
        "id",
        &[(
            "Jl. Jenderal Sudirman Kav. 52-53, Jakarta 12190, Indonesia",
            "12190|Jakarta||Jl. Jenderal Sudirman Kav. 52-53",
        )],
    );
    check_all(
        "SA",
        "en",
        &[("King Fahd Road, Building 12, Riyadh 12271, Saudi Arabia", "12271|Riyadh||King Fahd Road, Building 12")],
    );
}
