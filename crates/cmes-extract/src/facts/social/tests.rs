use super::*;
use crate::page::{self, RawPage};

fn read(html: &str) -> Page {
    let url = Url::parse("https://www.acme-pumps.com/").expect("a URL");
    page::read(&RawPage { url: &url, headers: &[], html })
}

fn found_on(page: Page) -> Vec<String> {
    let pages = [page];
    let site = Site { pages: &pages, domain: "acme-pumps.com", language: None, country: None };
    find(&site).into_iter().map(|finding| finding.value.host + &finding.value.link).collect()
}

fn found(html: &str) -> Vec<String> {
    found_on(read(html))
}

/// What a link in the footer gives.
fn check(href: &str, expected: &str) {
    let expected: Vec<&str> = if expected.is_empty() { vec![] } else { vec![expected] };
    assert_eq!(found(&format!("<footer><a href='{href}'>x</a></footer>")), expected, "{href}");
}

#[test]
fn profiles_of_the_networks() {
    check("https://www.facebook.com/acmepumps", "facebook.com/acmepumps");
    check("https://de-de.facebook.com/acmepumps/?ref=page_internal", "facebook.com/acmepumps/");
    check("https://m.facebook.com/acmepumps/videos/", "facebook.com/acmepumps");
    check("https://www.facebook.com/profile.php?id=100063&sk=about", "facebook.com/profile.php?id=100063");
    check("https://www.facebook.com/pages/Acme/123456", "facebook.com/pages/Acme/123456");
    check("https://www.linkedin.com/company/acme-pumps/?viewAsMember=true", "linkedin.com/company/acme-pumps/");
    check("https://de.linkedin.com/company/acme-pumps", "de.linkedin.com/company/acme-pumps");
    check("https://www.linkedin.com/company/acme-pumps/about/", "linkedin.com/company/acme-pumps");
    check("https://www.linkedin.com/school/acme", "linkedin.com/school/acme");
    check("https://www.linkedin.com/in/acme-pumps-owner/", "linkedin.com/in/acme-pumps-owner/");
    check("https://www.instagram.com/acme.pumps/?hl=de", "instagram.com/acme.pumps/");
    check("https://twitter.com/AcmePumps", "twitter.com/AcmePumps");
    check("https://x.com/AcmePumps?s=20", "x.com/AcmePumps");
    check("https://www.youtube.com/@acmepumps", "youtube.com/@acmepumps");
    check("https://www.youtube.com/channel/UC123/videos", "youtube.com/channel/UC123");
    check("https://youtube.com/c/Acme", "youtube.com/c/Acme");
    check("https://www.youtube.com/user/acme", "youtube.com/user/acme");
    check("https://www.xing.com/pages/acme-pumps", "xing.com/pages/acme-pumps");
    check("https://www.xing.com/companies/acme", "xing.com/companies/acme");
    check("https://www.tiktok.com/@acme?lang=de", "tiktok.com/@acme");
    check("https://www.pinterest.de/acmepumps/", "pinterest.de/acmepumps/");
    check("https://vk.com/acme_pumps", "vk.com/acme_pumps");
    check("https://ok.ru/group/5412", "ok.ru/group/5412");
    check("https://t.me/acme_pumps", "t.me/acme_pumps");
    check("https://weibo.com/u/123456", "weibo.com/u/123456");
    check("https://space.bilibili.com/12345", "space.bilibili.com/12345");
    check("https://www.zhihu.com/org/acme", "zhihu.com/org/acme");
    check("https://page.line.me/abc1234", "page.line.me/abc1234");
    check("https://lin.ee/AbCdE", "lin.ee/AbCdE");
    check("https://note.com/acme", "note.com/acme");
    check("https://github.com/acme-pumps", "github.com/acme-pumps");
    check("https://github.com/acme-pumps/driver", "github.com/acme-pumps");
    check("https://gitlab.com/acme", "gitlab.com/acme");
    check("https://www.threads.net/@acme", "threads.net/@acme");
    check("https://bsky.app/profile/acme-pumps.com", "bsky.app/profile/acme-pumps.com");
    check("https://www.snapchat.com/add/acme", "snapchat.com/add/acme");
    check("https://www.reddit.com/r/acme/", "reddit.com/r/acme/");
    check("https://discord.gg/AbC", "discord.gg/AbC");
    check("https://medium.com/@acme", "medium.com/@acme");
    check("https://vimeo.com/acmepumps", "vimeo.com/acmepumps");
    check("https://www.behance.net/acme", "behance.net/acme");
    check("https://dribbble.com/acme", "dribbble.com/acme");
    check("https://www.houzz.de/pro/acme/__public", "houzz.de/pro/acme/__public");
    check("https://www.houzz.de/pro/acme", "houzz.de/pro/acme");
    check("https://blog.naver.com/acme", "blog.naver.com/acme");
    check("https://blog.naver.com/PostList.naver?blogId=acme", "blog.naver.com/PostList.naver?blogId=acme");
    check("https://pf.kakao.com/_abc/chat", "pf.kakao.com/_abc");
    check("https://www.slideshare.net/acme", "slideshare.net/acme");
    check("https://mastodon.social/@acme", "mastodon.social/@acme");
}

#[test]
fn what_is_no_profile() {
    for href in [
        "https://www.facebook.com/sharer/sharer.php?u=x",
        "https://www.facebook.com/sharer.php?u=x",
        "https://www.facebook.com/plugins/like.php",
        "https://www.facebook.com/",
        "https://www.facebook.com/policy.php",
        "https://www.facebook.com/acme/posts/123",
        "https://www.facebook.com/hashtag/pumps",
        "https://twitter.com/intent/tweet?text=x",
        "https://twitter.com/share?url=x",
        "https://twitter.com",
        "https://x.com/acme/status/12345",
        "https://twitter.com/hashtag/pumps",
        "https://www.linkedin.com/shareArticle?mini=true",
        "https://www.linkedin.com/sharing/share-offsite/?url=x",
        "https://www.linkedin.com/legal/privacy-policy",
        "https://www.linkedin.com/feed/update/urn:li:activity:1",
        "https://pinterest.com/pin/create/button/?url=x",
        "https://wa.me/?text=x",
        "https://wa.me/491701234567",
        "https://t.me/share/url?url=x",
        "https://t.me/acme/1234",
        "https://www.youtube.com/watch?v=1",
        "https://youtu.be/abc",
        "https://www.youtube.com/playlist?list=1",
        "https://www.instagram.com/p/abc/",
        "https://www.instagram.com/explore/locations/1/",
        "https://www.instagram.com/accounts/login",
        "https://www.xing.com/spi/shares/new?url=x",
        "https://vk.com/share.php?url=x",
        "https://vk.com/wall-123_45",
        "https://vimeo.com/123456",
        "https://www.kununu.com/de/acme",
        "https://www.crunchbase.com/organization/acme",
        "https://www.glassdoor.com/Overview/acme",
        "https://policies.google.com/privacy",
        "https://www.facebook.com/wix",
        "https://github.com/twbs/bootstrap",
        "https://social-plugins.line.me/lineit/share?url=x",
        "https://www.tiktok.com/@acme/video/1",
        "https://elsewhere.social/@acme",
        "https://notfacebook.com/acmepumps",
        "mailto:me@facebook.com",
    ] {
        check(href, "");
    }
}

#[test]
fn strangers_profiles_are_left_out() {
    let none: [&str; 0] = [];
    for html in [
        "<main><div class=team-card><h3>Ann</h3><a href='https://www.linkedin.com/in/ann-lee'>LinkedIn</a></div></main>",
        "<div class=testimonial><a href='https://twitter.com/customer'>@customer</a></div>",
        "<section id=partners><a href='https://www.facebook.com/partnerco'>Partner</a></section>",
        "<footer><p>Webdesign: <a href='https://www.facebook.com/pixelagency'>Pixel</a></p></footer>",
        "<main><p>As <a href='https://twitter.com/somebody'>somebody wrote</a> last week</p></main>",
    ] {
        assert_eq!(found(html), none, "{html}");
    }
}

#[test]
fn the_handle_like_the_domain_wins() {
    let html = "<footer><a href='https://www.facebook.com/groupholding'>F</a>\
        <a href='https://www.facebook.com/AcmePumps'>F</a></footer>";
    assert_eq!(found(html), ["facebook.com/AcmePumps"]);
    let html = "<footer><a href='https://www.linkedin.com/in/boss'>L</a>\
        <a href='https://www.linkedin.com/company/zzz'>L</a></footer>";
    assert_eq!(found(html), ["linkedin.com/company/zzz"]);
}

#[test]
fn one_profile_per_network_in_order() {
    let html = "<header><a href='https://x.com/acme'></a><a href='https://www.instagram.com/acme'></a></header>\
        <footer><a href='https://twitter.com/acme'></a></footer>";
    assert_eq!(found(html), ["x.com/acme", "instagram.com/acme"]);
}

#[test]
fn a_row_of_profiles_is_the_company_s() {
    let row = "<div id=ft_links><a href='https://blog.naver.com/zzz'><i></i></a>\
        <a href='https://pf.kakao.com/_xQwErT'>상담하기</a></div>";
    assert_eq!(found(row), ["blog.naver.com/zzz", "pf.kakao.com/_xQwErT"]);
    // A person's card shows profiles in a row as well.
    let none: [&str; 0] = [];
    let card = "<div><h3>Ann</h3><a href='https://www.linkedin.com/in/ann-lee'>in</a><a href='https://x.com/annlee'>t</a></div>";
    assert_eq!(found(card), none);
}

#[test]
fn links_called_after_their_network_count() {
    for (text, host) in [
        ("Follow us on Facebook", "facebook.com"),
        ("페이스북 바로가기", "facebook.com"),
        ("אנחנו בפייסבוק", "facebook.com"),
    ] {
        assert_eq!(found(&format!("<p><a href='https://www.{host}/zzz'>{text}</a></p>")), [format!("{host}/zzz")]);
    }
}

#[test]
fn links_of_the_head_and_rel_me_count() {
    assert_eq!(found("<link rel=me href='https://elsewhere.social/@acme'>"), ["elsewhere.social/@acme"]);
    assert_eq!(found("<p><a rel=me href='https://elsewhere.social/@acme'>M</a>"), ["elsewhere.social/@acme"]);
    assert_eq!(
        found("<meta property='article:publisher' content='https://www.facebook.com/acme/'>"),
        ["facebook.com/acme/"]
    );
}

#[test]
fn structured_data_names_profiles() {
    let same_as = |link: &str| ("sameAs".to_owned(), Value::Text(link.to_owned()));
    let item = |kind: &str, links: &[&str]| Item {
        types: vec![kind.to_owned()],
        properties: links.iter().map(|link| same_as(link)).collect(),
        ..Item::default()
    };
    let mut page = read("<p>x");
    page.items = vec![
        item("Organization", &["https://www.facebook.com/zzz", "https://en.wikipedia.org/wiki/Acme"]),
        item("Person", &["https://twitter.com/boss"]),
    ];
    assert_eq!(found_on(page), ["facebook.com/zzz"]);
}

#[test]
fn what_a_template_left_in_structured_data_is_nobody_s() {
    let none: [&str; 0] = [];
    let html = |name: &str| {
        format!(
            "<script type='application/ld+json'>{{\"@type\":\"LegalService\",\"name\":\"{name}\",\"sameAs\":[\"https://x.com/themeforge\"]}}</script>"
        )
    };
    assert_eq!(found(&html("Lawhub Attorneys")), none);
    assert_eq!(found(&html("Acme Pumps Ltd")), ["x.com/themeforge"]);
}

proptest::proptest! {
    #[test]
    fn no_address_panics(host in "(www\\.)?(facebook|x|vk|weibo|github|medium|naver|pinterest)\\.(com|de)", path in "(/[\\PC@%]{0,12}){0,4}(\\?[\\PC]{0,20})?") {
        let _ = found(&format!("<footer><a rel=me href=\"https://{host}{path}\">x</a></footer>"));
    }
}
