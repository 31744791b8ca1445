//! The catalog service, called by a real client.

use crate::support::{requests::assert_invalid, server::Server};
use errwire::{Catalog, StatusExt, rpc, service::pb};
use tonic::Code;

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
