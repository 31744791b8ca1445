//! The catalog service, called by a real client.

use crate::support::{catalogs::HANG, requests::assert_invalid, server::Server};
use errwire::{Catalog, HttpStatus, KindEntry, StatusExt, Translator, remote::Remote, rpc, server::App, service::pb};
use tokio::time::timeout;
use tonic::{Code, transport::Endpoint};

// docs/rules.md: R-SERVICE-6
#[tokio::test(flavor = "multi_thread")]
async fn kinds_come_in_pages() {
    let server = Server::start();
    let mut client = server.catalog().await;
    let mut list = async |page_size, page_token: &str| {
        client.list_kinds(pb::ListKindsRequest { page_size, page_token: page_token.into() }).await
    };
    let all = list(0, "").await.unwrap().into_inner();
    assert_eq!(all.next_page_token, "");
    assert_eq!(all.version, Catalog::builtin().version());
    let names: Vec<_> = all.kinds.iter().map(|kind| kind.kind.clone()).collect();
    assert!(names.is_sorted() && names.len() >= 48);

    let (mut paged, mut token) = (Vec::new(), String::new());
    loop {
        let page = list(7, &token).await.unwrap().into_inner();
        assert!((1..=7).contains(&page.kinds.len()));
        paged.extend(page.kinds);
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(paged, all.kinds);

    assert_invalid(&list(-1, "").await.unwrap_err().to_errwire(), "page_size");
    assert_invalid(&list(0, "made up").await.unwrap_err().to_errwire(), "page_token");
}

/// It travels, so that a follower chooses the same message for its callers.
// docs/rules.md: R-CATALOG-2
#[tokio::test(flavor = "multi_thread")]
async fn a_kind_has_the_language_of_its_message() {
    let status = HttpStatus::new(404).unwrap();
    let mut entry =
        KindEntry::new("job_lost".into(), "d".into(), status, errwire::Code::NotFound, "Weg.".to_owned().into());
    entry.language = "de".into();
    let translator = Translator::new(Catalog::with_entries([entry]));
    let server = Server::with(App::new(translator.clone()));
    let mut client = server.catalog().await;
    for (kind, expected) in [("job_lost", "de"), ("task_not_found", "en")] {
        let said = client.get_kind(pb::GetKindRequest { kind: kind.into() }).await.unwrap().into_inner().kind.unwrap();
        assert_eq!(said.language, expected, "{kind}");
    }

    let here = Translator::default();
    let remote = Remote::builder(Endpoint::from_shared(format!("http://{}", server.address())).unwrap())
        .start(here.clone())
        .await;
    let there = timeout(HANG, remote.until(|status| status.is_following)).await;
    assert!(there.is_ok(), "stays at {:?}", remote.status());
    let follower = here.catalog().get("job_lost").unwrap();
    assert_eq!(follower.entry().unwrap().language, "de");
    assert_eq!(here.catalog().version(), translator.catalog().version());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kind_by_its_name() {
    let server = Server::start();
    let mut client = server.catalog().await;
    let mut get = async |kind: &str| client.get_kind(pb::GetKindRequest { kind: kind.into() }).await;

    let kind = get("payment_required").await.unwrap().into_inner().kind.unwrap();
    assert_eq!((kind.status, kind.code(), kind.domain.as_str()), (402, rpc::Code::FailedPrecondition, "errwire.dev"));
    assert_eq!(kind.description, "A payment is required to continue using this service");
    assert_eq!(kind.visibility(), pb::Visibility::Public);

    let missing = get("tsk_not_found").await.unwrap_err();
    assert_eq!(missing.code(), Code::NotFound);
    assert!(missing.message().contains("`task_not_found`"), "{missing:?}");
    assert_eq!(missing.to_errwire().kind().as_str(), "not_found");
    let missing = get(&"x".repeat(1_000_000)).await.unwrap_err();
    assert_eq!(missing.code(), Code::NotFound);
    assert_invalid(&get("").await.unwrap_err().to_errwire(), "kind");
}
