//! An HTTP answer arrives too: what comes of details fits a budget.

use bytes::Bytes;
use errwire::{Audience, Error, Translator, WriteHttpOptions, kinds, rpc};
use http::Response;

/// As HTTP/2 counts them (RFC 9113, section 6.5.2).
fn size(response: &Response<Bytes>) -> usize {
    let of_details = [
        "retry-after",
        "x-request-id",
        "content-language",
        "www-authenticate",
        "allow",
        "link",
        "grpc-status-details-bin",
    ];
    let fields = response.headers().iter().filter(|(name, _)| of_details.contains(&name.as_str()));
    fields.map(|(name, value)| name.as_str().len() + value.len() + 32).sum()
}

fn written(error: &Error, audience: Audience) -> Response<Bytes> {
    let response = Translator::default().write_http_with(error, &WriteHttpOptions::new(audience)).0;
    assert!(size(&response) <= 7_168, "{} bytes", size(&response));
    response
}

fn help(links: usize, url_len: usize) -> rpc::Help {
    let link =
        |n: usize| rpc::help::Link { description: String::new(), url: format!("{n:06}{}", "x".repeat(url_len - 6)) };
    rpc::Help { links: (0..links).map(link).collect() }
}

fn links(response: &Response<Bytes>) -> Vec<&str> {
    response.headers().get_all("link").iter().map(|link| link.to_str().unwrap()).collect()
}

// docs/rules.md: R-BUDGET-5
#[test]
fn a_thousand_links_are_32() {
    for audience in [Audience::Internal, Audience::Public] {
        let response = written(&Error::new(kinds::TASK_NOT_FOUND).with_detail(help(1_000, 6)), audience);
        let links = links(&response);
        assert!(links[0].starts_with("<000000>"), "from the end");
        assert_eq!(links.len(), 32);
    }
}

#[test]
fn links_go_before_details_are_trimmed() {
    // Twice 20 links of 200 bytes do not fit, once they do.
    let error = Error::new(kinds::TASK_NOT_FOUND).with_detail(help(20, 200));
    let response = written(&error, Audience::Internal);
    assert!((1..20).contains(&links(&response).len()), "{}", links(&response).len());
    let read = Translator::default().read_http(&response).unwrap();
    assert_eq!(read.detail::<rpc::Help>(), error.detail::<rpc::Help>(), "no detail is lost for a link");
    // A link that does not fit is the last that is looked at.
    let mut help = help(3, 100);
    help.links[1].url = "x".repeat(8_000);
    assert_eq!(links(&written(&Error::new(kinds::TASK_NOT_FOUND).with_detail(help), Audience::Public)).len(), 1);
}

#[test]
fn ids_and_titles_are_short() {
    let link = rpc::help::Link { description: "t".repeat(1_000), url: "https://a.example".into() };
    let error = Error::new(kinds::TASK_NOT_FOUND)
        .with_detail(rpc::RequestInfo { request_id: "r".repeat(60 * 1_024), ..Default::default() })
        .with_detail(rpc::Help { links: vec![link] });
    for audience in [Audience::Internal, Audience::Public] {
        let response = written(&error, audience);
        assert_eq!(response.headers()["x-request-id"], "r".repeat(128));
        assert_eq!(links(&response), [format!("<https://a.example>; rel=\"help\"; title=\"{}\"", "t".repeat(128))]);
    }
}

// docs/rules.md: R-BUDGET-5
#[test]
fn fields_of_details_share_one_budget() {
    let header = |value: &str| rpc::HttpHeader { key: "www-authenticate".into(), value: value.into() };
    let response =
        rpc::HttpResponse { status: 401, headers: vec![header(&"Basic ".repeat(20)); 1_000], ..Default::default() };
    let error = Error::new(kinds::TOKEN_INVALID)
        .with_message("é".repeat(5_000))
        .with_retry_after(std::time::Duration::from_secs(7))
        .with_detail(rpc::RequestInfo { request_id: "r".repeat(500), ..Default::default() })
        .with_detail(rpc::LocalizedMessage { locale: "de".into(), message: "é".repeat(5_000) })
        .with_detail(help(40, 100))
        .with_detail(response);
    for audience in [Audience::Internal, Audience::Public] {
        let response = written(&error, audience);
        assert_eq!(response.headers()["retry-after"], "7");
        let read = Translator::default().read_http(&response).unwrap();
        assert_eq!((read.kind().as_str(), read.status().as_u16()), ("token_invalid", 401));
    }
}
