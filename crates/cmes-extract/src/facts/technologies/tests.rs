use std::collections::HashSet;

use url::Url;

use super::fingerprints::{CATEGORIES, Entries, Fingerprints};
use super::*;
use crate::page::{self, RawPage};

fn page(headers: &[(&str, &str)], html: &str) -> Page {
    let url = Url::parse("https://www.example.com/").expect("a URL");
    let headers: Vec<_> = headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    page::read(&RawPage { url: &url, headers: &headers, html })
}

fn names(headers: &[(&str, &str)], html: &str) -> Vec<String> {
    find(&[page(headers, html)]).into_iter().map(|finding| finding.value).collect()
}

fn check(html: &str, expected: &[&str]) {
    assert_eq!(names(&[], html), expected, "{html}");
}

fn check_header(name: &str, value: &str, expected: &[&str]) {
    assert_eq!(names(&[(name, value)], ""), expected, "{name}: {value}");
}

#[test]
fn the_data_file_is_sound() {
    let text = include_str!("../../../data/technologies.toml");
    let entries: Entries = toml::from_str(text).expect("the file is TOML of the documented shape");
    let parsed = Fingerprints::parse(text).expect("every pattern is valid and every implied name is known");
    assert!(parsed.technologies.len() >= 330, "{}", parsed.technologies.len());
    let mut seen = HashSet::new();
    for (category, products) in &entries {
        assert!(CATEGORIES.contains(&category.as_str()), "{category}");
        for (name, e) in products {
            assert!(seen.insert(name.to_lowercase()), "{name} stands twice");
            let lists = [&e.cookies, &e.scripts, &e.images, &e.html, &e.inline];
            let count = e.headers.len() + e.meta.len() + lists.iter().map(|list| list.len()).sum::<usize>();
            assert!(count > 0, "{name} has no pattern");
            assert!(lists.iter().all(|list| list.iter().all(|p| p.len() >= 3)), "{name} has too short a pattern");
            let places = [&e.html, &e.inline, &e.cookies];
            assert!(!places.iter().any(|l| l.iter().any(|p| p.starts_with("regex:"))), "{name}: literals only");
            let inner = |p: &String| p.starts_with('<') || !p.contains(['<', '>']);
            assert!(e.html.iter().all(inner), "{name}: a part with a bracket begins with it");
        }
    }
    assert_eq!(CATEGORIES.iter().filter(|c| !entries.contains_key(**c)).count(), 0);
}

#[test]
fn names_have_categories() {
    assert_eq!((category("WordPress"), category("Odoo"), category("nothing")), (Some("CMS"), Some("ERP"), None));
    assert!(all().is_sorted_by_key(|technology| technology.name.to_lowercase()));
}

#[test]
fn content_management() {
    check("<meta name=generator content='WordPress 6.5.2'>", &["PHP", "WordPress"]);
    check("<link rel=stylesheet href='/wp-content/themes/acme/style.css'>", &["PHP", "WordPress"]);
    check("<img src='https://cdn.example.com/wp-content/uploads/a.jpg'>", &["PHP", "WordPress"]);
    check("<meta name=Generator content='Drupal 10 (https://www.drupal.org)'>", &["Drupal", "PHP"]);
    check("<meta name=generator content='Joomla! - Open Source Content Management'>", &["Joomla", "PHP"]);
    check("<!--\n\tThis website is powered by TYPO3 - inspiring people to share!\n-->", &["PHP", "TYPO3"]);
    check("<link rel=stylesheet href='/typo3temp/assets/compressed/a.css'>", &["PHP", "TYPO3"]);
    check("<meta name=generator content='Contao Open Source CMS'>", &["Contao", "PHP"]);
    check("<script src='/bitrix/js/main/core/core.js'></script>", &["1C-Bitrix", "PHP"]);
    check("<meta name=generator content='Wix.com Website Builder'>", &["Wix"]);
    check("<html data-wf-page='1' data-wf-site='2'><p>x", &["Webflow"]);
    check("<!-- This is Squarespace. -->", &["Squarespace"]);
    check("<img src='https://image.jimcdn.com/app/cms/image/a.png'>", &["Jimdo"]);
    check("<div id=\"allrecords\" class=\"t-records\">", &["Tilda"]);
    check("<div data-elementor-type='wp-page' class='x'>", &["Elementor", "PHP", "WordPress"]);
    check("<meta name='ProgId' content='FrontPage.Editor.Document'>", &["Microsoft FrontPage"]);
    check("<meta name=generator content='Hugo 0.120.4'>", &["Hugo"]);
    check("<div id=\"___gatsby\"></div>", &["Gatsby", "React"]);
}

#[test]
fn shops_and_business_systems() {
    check("<script src='//cdn.shopify.com/s/files/1/theme.js'></script>", &["Shopify"]);
    check(
        "<link rel=stylesheet href='/wp-content/plugins/woocommerce/assets/css/a.css'>",
        &["PHP", "WooCommerce", "WordPress"],
    );
    check("<script type='text/x-magento-init'>{}</script>", &["Magento", "PHP"]);
    check("<script>var prestashop = {};</script>", &["PHP", "PrestaShop"]);
    check("<meta name='application-name' content='Shopware'>", &["PHP", "Shopware"]);
    check("<script src='/templates/NOVA/js/app.js'></script>", &["JTL-Shop", "PHP"]);
    check("<img src='https://cdn02.plentymarkets.com/x/item/1.jpg'>", &["plentymarkets"]);
    check("<script src='https://static.insales-cdn.com/assets/1.js'></script>", &["InSales"]);
    check("<header class='ec-layoutRole__header'>", &["EC-CUBE", "PHP"]);
    check("<img src='https://baseec-img-mng.akamaized.net/images/a.jpg'>", &["BASE"]);
    check("<script src='//img.echosting.cafe24.com/smartAdmin/js/a.js'></script>", &["Cafe24"]);
    check("<script>var odoo = {csrf_token: 'x'};</script>", &["Odoo", "Python"]);
    check("<link rel=stylesheet href='/web/assets/321-abc/web.assets_frontend.min.css'>", &["Odoo", "Python"]);
    check("<cx-storefront ng-version=\"14.1\">", &["Angular", "Java", "SAP Commerce Cloud"]);
    check("<script src='https://1234567.app.netsuite.com/core/a.js'></script>", &["NetSuite"]);
    check("<script>embedded_svc.init('https://acme.my.salesforce.com')</script>", &["Salesforce"]);
    check("<script src='https://cdn-ru.bitrix24.ru/b1/crm/site_button/loader_1.js'></script>", &["Bitrix24"]);
    check("<script src='//js-eu1.hs-scripts.com/123.js'></script>", &["HubSpot"]);
    check("<form action='https://acme.us1.list-manage.com/subscribe/post?u=1'>", &["Mailchimp"]);
    check("<script>hbspt.forms.create({portalId: 1})</script>", &["HubSpot"]);
}

#[test]
fn measuring_and_advertising() {
    check("<script async src='https://www.googletagmanager.com/gtag/js?id=G-AB12'></script>", &["Google Analytics"]);
    check("<script async src='https://www.googletagmanager.com/gtag/js?id=AW-12'></script>", &["Google Ads"]);
    check(
        "<script>(function(w,d){j.src='https://www.googletagmanager.com/gtm.js?id='+i})()</script>",
        &["Google Tag Manager"],
    );
    check("<script>_paq.push(['trackPageView']);</script>", &["Matomo"]);
    check("<script>ym(1,'init'); // https://mc.yandex.ru/metrika/tag.js\n</script>", &["Yandex Metrica"]);
    check("<noscript><img src='https://mc.yandex.ru/watch/123'></noscript>", &["Yandex Metrica"]);
    check("<script>hm.src='https://hm.baidu.com/hm.js?1'</script>", &["Baidu Analytics"]);
    check("<script id=\"_etLoader\" src='//code.etracker.com/code/e.js'></script>", &["etracker"]);
    check("<script>fbq('init','1')</script>", &["Facebook Pixel"]);
    check("<script>(function(d){d.src='VK-RTRG-1'})</script>", &["VK Pixel"]);
    check("<img src='https://px.ads.linkedin.com/collect/?pid=1'>", &["LinkedIn Insight Tag"]);
    check("<script src='https://plausible.io/js/script.js'></script>", &["Plausible"]);
}

#[test]
fn consent_chat_fonts_and_the_rest() {
    check("<script src='https://app.usercentrics.eu/browser-ui/latest/loader.js'></script>", &["Usercentrics"]);
    check("<script src='https://consent.cookiebot.com/uc.js'></script>", &["Cookiebot"]);
    check("<script>_iub.csConfiguration = {}</script>", &["iubenda"]);
    check("<script>window.axeptioSettings = {}</script>", &["Axeptio"]);
    check("<script>tarteaucitron.init({})</script>", &["tarteaucitron.js"]);
    check("<script>window.didomiConfig = {}</script>", &["Didomi"]);
    check("<script src='/js/klaro.js?1'></script>", &["Klaro"]);
    check("<script>window.$crisp=[];window.CRISP_WEBSITE_ID='1'</script>", &["Crisp"]);
    check("<script src='//code.jivosite.com/widget/x'></script>", &["JivoChat"]);
    check("<link href='https://fonts.googleapis.com/css2?family=Inter' rel=stylesheet>", &["Google Fonts"]);
    check("<link rel=stylesheet href='https://use.typekit.net/abc.css'>", &["Adobe Fonts"]);
    check("<iframe src='https://www.google.com/maps/embed?pb=1'></iframe>", &["Google Maps"]);
    check("<iframe src='https://www.youtube-nocookie.com/embed/1'></iframe>", &["YouTube"]);
    check("<div class='g-recaptcha' data-sitekey='1'></div>", &[]);
    check("<div class=\"g-recaptcha\" data-sitekey=\"1\"></div>", &["reCAPTCHA"]);
    check("<script src='/js/jquery-3.7.1.min.js'></script>", &["jQuery"]);
    check("<script src='/assets/bootstrap.bundle.min.js?v=2'></script>", &["Bootstrap"]);
    check("<div id=\"__next\"></div><script src='/_next/static/chunks/main.js'></script>", &["Next.js", "React"]);
    check("<input type=hidden name=\"__VIEWSTATE\" id=\"__VIEWSTATE\">", &["ASP.NET"]);
    check("<script src='https://js.stripe.com/v3/'></script>", &["Stripe"]);
}

#[test]
fn headers_and_cookies() {
    check_header("server", "nginx/1.24.0", &["Nginx"]);
    check_header("server", "Apache/2.4.57 (Debian)", &["Apache", "Debian"]);
    check_header("server", "cloudflare", &["Cloudflare"]);
    check_header("server", "Microsoft-IIS/10.0", &["Microsoft IIS"]);
    check_header("server", "Apache-Coyote/1.1", &["Apache Tomcat", "Java"]);
    check_header("x-powered-by", "PHP/8.2.1", &["PHP"]);
    check_header("x-powered-by", "ASP.NET", &["ASP.NET"]);
    check_header("x-powered-by", "Express", &["Express", "Node.js"]);
    check_header("x-vercel-id", "fra1::x", &["Vercel"]);
    check_header("x-varnish", "1 2", &["Varnish"]);
    check_header("set-cookie", "PHPSESSID=abc; Path=/", &["PHP"]);
    check_header("set-cookie", "_shopify_y=1", &["Shopify"]);
    check_header("set-cookie", "visitor_id123-hash=1", &["Salesforce Account Engagement (Pardot)"]);
    let found = find(&[page(&[("set-cookie", "PHPSESSID=secret; Path=/")], "")]);
    assert_eq!((found[0].snippet.as_str(), found[0].method), ("set-cookie: PHPSESSID", Method::Header));
}

#[test]
fn what_is_only_mentioned_does_not_count() {
    for html in [
        "<p>We build sites with WordPress, TYPO3 and Shopify.</p>",
        "<title>WordPress agency</title><meta name=description content='WordPress, /wp-content/ and Elementor'>",
        "<a href='https://wordpress.org/'>WordPress</a>",
        "<a href='https://partner.com/wp-content/uploads/flyer.pdf'>Flyer</a>",
        "<a href='https://shop-of-partner.myshopify.com/cdn/a'>Shop</a>",
        "<a href='https://js.hs-scripts.com/1.js'>script</a>",
        "<a href='https://www.youtube.com/embed/1'>Video</a>",
        "<a href='https://calendly.com/acme'>Book</a>",
        "<a href='https://www.google.com/maps/embed?pb=1'>Map</a>",
        "<img src='/img/partners/shopify.png' alt='Shopify'>",
        "<img src='/img/logos/wordpress-logo.svg' alt='WordPress'>",
        "<img src='https://partner.com/wp-content/uploads/logo.png'>",
        "<img src='https://cdn.shopify.com/s/files/1/product.jpg'>",
        "<iframe src='https://partner.com/typo3conf/x/'></iframe>",
        "<pre>&lt;div data-elementor-type='x'&gt; data-elementor-id</pre>",
        "<p>Put data-drupal-selector on it; id=\"__NEXT_DATA__\" too.</p>",
        "<link rel=canonical href='https://other.squarespace.com/wp-content/themes/'>",
        "<link rel=alternate href='https://static.wixstatic.com/feed'>",
        "<p>fbq('init') starts the pixel, _paq.push( another</p>",
        "<script src='/js/jquery.validate.extra.js.php'></script>",
        "<script src='/js/chat.js'></script>",
        "<meta name=keywords content='Odoo, SAP, Salesforce'>",
        "<script>var text = 'we like Odoo and Matomo';</script>",
        "<p>Powered by nginx on Apache, PHP/8</p>",
        "",
    ] {
        check(html, &[]);
    }
    check_header("server", "Apachexyz", &[]);
    check_header("x-custom", "PHP/8.2", &[]);
    check_header("set-cookie", "lang=PHPSESSID", &[]);
}

#[test]
fn one_product_is_not_taken_for_another() {
    check(
        "<link rel=stylesheet href='https://static1.squarespace.com/static/versioned-site-css/1/site.css'>",
        &["Squarespace"],
    );
    check("<div data-controller=\"SectionWrapperController\"></div>", &[]);
    check("<div data-controller=\"menu\"><button data-action=\"click->menu#toggle\"></div>", &[]);
    check("<button data-action=\"click-&gt;menu#toggle\">", &["Stimulus"]);
    check("<script src='https://ajax.googleapis.com/ajax/libs/webfont/1.6.26/webfont.js'></script>", &[]);
    check("<script>L.tileLayer('https://tile.openstreetmap.org/{z}/{x}/{y}.png')</script>", &["OpenStreetMap"]);
    check("<script src='/assets/vendor/glightbox/js/glightbox.min.js'></script>", &["GLightbox"]);
    check("<link rel=stylesheet href='/assets/vendor/boxicons/css/boxicons.min.css'>", &["Boxicons"]);
}

#[test]
fn the_first_page_with_evidence_is_named() {
    let pages = [page(&[], "<p>x"), page(&[], "<script src='https://js.stripe.com/v3/'></script>")];
    let found = find(&pages);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].page, found[0].snippet.as_str()), (Some(1), "https://js.stripe.com/v3/"));
    assert_eq!(found[0].method, Method::Markup);
}

proptest::proptest! {
    #[test]
    fn no_markup_panics(html in "(<[a-z!]{0,6} (class|data-v-app|src|content)=[\"']?|>|/wp-content/|\\PC|data-elementor-type){0,60}") {
        let _ = find(&[page(&[("set-cookie", &html), ("server", &html)], &html)]);
    }
}
