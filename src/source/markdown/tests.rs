use super::body;
use super::*;
use crate::record::{Article, CitedArticle, Provenance, Record};
use crate::schema::IndexSchema;
use proptest::prelude::*;
use std::sync::LazyLock;

static SCHEMA: LazyLock<IndexSchema> = LazyLock::new(|| IndexSchema::shipped().unwrap());

fn convert(path: &str, page: &str) -> Result<Converted, Reason> {
    let provenance = Provenance {
        file: path.to_owned(),
        ..Provenance::default()
    };
    let raw = RawRecord {
        body: RawBody::Bytes(page.as_bytes().to_vec()),
        provenance: provenance.clone(),
    };
    Markdown.convert(&raw, &mut Context::new(&SCHEMA, &provenance))
}

fn article(path: &str, page: &str) -> Article {
    match convert(path, page) {
        Ok(Converted::Record(Record::Article(article))) => *article,
        Err(reason) => panic!("{}", reason.message),
        _ => panic!("no article"),
    }
}

fn recognises(name: &str, head: &str) -> bool {
    Markdown.recognises(&Sample {
        head: head.as_bytes(),
        name,
        whole: true,
    })
}

#[test]
fn front_matter_is_recognised_by_content_and_bare_text_by_name() {
    assert!(recognises("a.txt", "---\ntitle: x\n---\ntext"));
    assert!(recognises("-", "\u{FEFF}+++\ntitle = \"x\"\n+++\n"));
    assert!(recognises("blog/a.md", "just words"));
    assert!(recognises("-", "# Heading\n\ntext"));
    assert!(!recognises("a.txt", "just words"));
    assert!(!recognises("a.yaml", "---\ntitle: x\n---\n"));
    assert!(!recognises("a.mdx", "---\ntitle: x\n---\n"));
    assert!(!recognises("a.txt", "---\nnot closed: x\n"));
    assert!(!recognises("error.md", "<!DOCTYPE html><html></html>"));
}

#[test]
fn keys_are_understood_in_any_order_case_and_spelling() {
    let page = "---\nTags: ['skin', 'stem cells',]\nDate: \"2018-05-12\"\ntitle: >-\n  Stem cells\n  and skin\nLast-Modified: 2025-06-20 06:55:31\nauthor:\n  name: A. Writer\n  url: /a\ncategories: news\nslug: /blog/skin/\nlanguage: en\n---\ntext";
    let article = article("x/a.md", page);
    assert_eq!(article.article_id, "blog/skin");
    assert_eq!(article.title.as_deref(), Some("Stem cells and skin"));
    assert_eq!(article.tags, ["skin", "stem cells", "news"]);
    assert_eq!(article.authors, ["A. Writer"]);
    assert_eq!(article.date.unwrap().to_string(), "2018-05-12");
    assert_eq!(article.date_verbatim, None);
    assert_eq!(article.as_of.unwrap().to_string(), "2025-06-20");
    assert_eq!(article.language.as_deref(), Some("en"));
}

#[test]
fn dates_keep_their_spelling_where_it_says_more() {
    for (written, expected) in [
        ("2022-08-26T11:01:41.234Z", "2022-08-26"),
        ("2026-09-30T00:14:58.999999+02:00", "2026-09-30"),
        ("\"May 14, 2019\"", "2019-05-14"),
        ("2021-01-21T00:00:00", "2021-01-21"),
    ] {
        let article = article("a.md", &format!("---\ntitle: x\ndate: {written}\n---\n"));
        assert_eq!(article.date.unwrap().to_string(), expected);
        assert_eq!(
            article.date_verbatim.as_deref(),
            Some(written.trim_matches('"'))
        );
    }
}

#[test]
fn a_page_without_a_date_has_that_of_its_path() {
    let date = |path: &str, page: &str| article(path, page).date.map(|date| date.to_string());
    let front_matter = "+++\npath = \"inside-rust/2019/09/25/Welcome\"\n+++\nx";
    assert_eq!(date("a.md", front_matter).as_deref(), Some("2019-09-25"));
    assert_eq!(
        date("_posts/2016-03-08-a.md", "x").as_deref(),
        Some("2016-03-08")
    );
    assert_eq!(date("2016/0308/a.md", "x").as_deref(), Some("2016-03-08"));
    for path in [
        "2016/33/08/a.md",
        "2016/03/081.md",
        "20160308123.md",
        "2016.md",
    ] {
        assert_eq!(date(path, "x"), None, "{path}");
    }
}

#[test]
fn toml_front_matter_is_understood() {
    let page = "+++\ntitle = \"Rust\"\ndate = 2022-02-03\nupdated = 2022-02-04T10:00:00Z\nauthors = [\"N. M.\"]\n[taxonomies]\ntags = [\"a\", \"b\"]\n+++\ntext\n\n+++\n";
    let article = article("2022/rust.md", page);
    assert_eq!(article.article_id, "2022/rust");
    assert_eq!(article.tags, ["a", "b"]);
    assert_eq!(article.date.unwrap().to_string(), "2022-02-03");
    assert_eq!(article.as_of.unwrap().to_string(), "2022-02-04");
    assert_eq!(article.text.as_deref(), Some("text\n\n+++"));
}

#[test]
fn drafts_are_left_out() {
    for line in [
        "draft: true",
        "published: False",
        "status: draft",
        "Draft: \"yes\"",
        "publish: no",
    ] {
        let outcome = convert("a.md", &format!("---\ntitle: x\n{line}\n---\ntext"));
        assert!(matches!(outcome, Ok(Converted::Draft)), "{line}");
    }
    let outcome = convert("a.md", "+++\ntitle = \"x\"\ndraft = true\n+++\ntext");
    assert!(matches!(outcome, Ok(Converted::Draft)));
    for line in ["draft: false", "published: 2020-01-01", "status: published"] {
        article("a.md", &format!("---\ntitle: x\n{line}\n---\ntext"));
    }
}

#[test]
fn a_page_without_anything_to_read_is_ignored() {
    for page in ["", "\n\n", "---\nlayout: x\n---\n", "<!-- later -->\n"] {
        assert!(
            matches!(convert("a.md", page), Ok(Converted::Ignored)),
            "{page:?}"
        );
    }
    assert_eq!(article("a.md", "---\ntitle: x\n---").text, None);
}

#[test]
fn a_title_comes_from_the_first_heading_else_from_the_file() {
    assert_eq!(
        article("a.md", "text\n\n## The *first*\n\n# Two")
            .title
            .as_deref(),
        Some("The first")
    );
    assert_eq!(
        article("x/my-post.v2.md", "text").title.as_deref(),
        Some("my-post.v2")
    );
}

#[test]
fn front_matter_that_is_none_is_text() {
    let article = article("a.md", "---\n\nA rule above\n\n---\n\nand below");
    assert_eq!(article.text.as_deref(), Some("A rule above\n\nand below"));
}

#[test]
fn wrong_front_matter_is_rejected_with_its_line() {
    let message = |page: &str| match convert("a.md", page) {
        Err(reason) => reason.message,
        Ok(_) => panic!("accepted"),
    };
    let yaml = message("---\ntitle: a\ntags: [x\n---\ntext");
    assert!(
        yaml.starts_with("front matter is not YAML, line "),
        "{yaml}"
    );
    let toml = message("+++\ntitle = \"a\"\ndate = x\n+++\ntext");
    assert!(
        toml.starts_with("front matter is not TOML, line 3: "),
        "{toml}"
    );
    let deep = format!("---\na: {}\n---\n", "[".repeat(5000));
    assert!(message(&deep).contains("YAML"));
}

#[test]
fn invalid_bytes_are_named() {
    let raw = RawRecord {
        body: RawBody::Bytes(b"# caf\xE9".to_vec()),
        provenance: Provenance::default(),
    };
    let provenance = Provenance::default();
    let outcome = Markdown.convert(&raw, &mut Context::new(&SCHEMA, &provenance));
    assert_eq!(outcome.err().and_then(|reason| reason.byte), Some(5));
}

#[test]
fn marks_go_and_structure_stays() {
    let body = body::read(
        "One *two*\n**three**.\n\n* a\n* b\n  1. c\n  2. d\n\n> quote\n\n```\nx = 1\n  y\n```\n\n| h | i |\n|---|---|\n| 1 | 2 |\n\n![alt words](x.png) and `code`[^1]\n\n[^1]: note\n\n<p class=\"x\">html &amp; more</p>\n<script>no()</script>\n\n---\n\nend",
    );
    let expected = "One two three.\n\n* a\n* b\n  1. c\n  2. d\n\nquote\n\nx = 1\n  y\n\nh | i\n\n1 | 2\n\nalt words and code\n\nnote\n\nhtml & more\n\nend";
    assert_eq!(body.text.as_deref(), Some(expected));
}

#[test]
fn tags_go_and_their_text_stays() {
    let body = body::read(
        "a <b>bold</b><br>word, 2 < 3\n\n<details style=\"a > b\">\n<summary>More</summary>\n\n<pre><code>x &lt; y</code></pre>\n<!-- <p>hidden</p> -->\n<progress value='1'></progress>\n</details>\n\nend",
    );
    let expected = "a bold\nword, 2 < 3\n\nMore\n\nx < y\n\nend";
    assert_eq!(body.text.as_deref(), Some(expected));
}

#[test]
fn links_are_addresses_of_the_web_each_once_without_text_fragments() {
    let body = body::read(
        "[a](https://example.org/x#:~:text=The%20dermis) [b](/local) [c](mailto:a@example.org)\n<https://example.org/y> see https://example.org/z, (http://example.org/w). <a href=\"https://example.org/v\">v</a> [again](https://example.org/y)",
    );
    let expected = ["x", "y", "z", "w", "v"].map(|page| format!("example.org/{page}"));
    let found: Vec<&str> = body
        .links
        .iter()
        .filter_map(|l| l.split("://").nth(1))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn references_stand_apart_whatever_announces_them() {
    for announce in [
        "## References\n",
        "**References:**\n",
        "### منابع\n",
        "Sources\n=======\n",
    ] {
        let page = format!(
            "Text.\n\n{announce}\n1. First. <https://doi.org/10.1/x>\n2. Second\n   line\n\n## Disclaimer\n\nNo advice."
        );
        let body = body::read(&page);
        assert_eq!(
            body.references,
            ["First. https://doi.org/10.1/x", "Second line"],
            "{announce}"
        );
        assert_eq!(
            body.text.as_deref(),
            Some("Text.\n\nDisclaimer\n\nNo advice.")
        );
    }
    let body = body::read("Text\n\n## Literatur\n\nFirst paragraph.\n\nSecond one.");
    assert_eq!(body.references, ["First paragraph.", "Second one."]);
}

#[test]
fn cited_numbers_come_from_text_and_addresses_in_their_order() {
    let article = article(
        "a.md",
        "See [this](https://www.ncbi.nlm.nih.gov/pmc/articles/PMC8781097/), NCT 0636 0861, [trial](https://clinicaltrials.gov/ct2/show/NCT04333914).\n\n## References\n\n1. Brown. <https://doi.org/10.3390/JPM12010117>. PMID: 35055432. NCT06360861",
    );
    assert_eq!(article.cited_trials, ["NCT06360861", "NCT04333914"]);
    assert_eq!(
        article.cited_articles,
        [
            CitedArticle::Pmcid("PMC8781097".to_owned()),
            CitedArticle::Doi("10.3390/jpm12010117".to_owned()),
            CitedArticle::Pmid("35055432".to_owned()),
        ]
    );
}

proptest! {
    #[test]
    fn any_text_is_read_or_rejected(front in "[a-z:=\\[\\]{}'\"#&*!|> \n-]{0,60}", text in any::<String>(), toml in any::<bool>()) {
        let fence = if toml { "+++" } else { "---" };
        let _ = convert("a.md", &format!("{fence}\n{front}\n{fence}\n{text}"));
        let _ = convert("a.md", &text);
    }
}
