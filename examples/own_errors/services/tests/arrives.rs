//! A typed error arrives in another service, over a real connection.

use std::time::Duration;

use acme_services::{
    scheduler::{Outcome, Scheduler},
    tasks,
};
use errwire::StatusExt;
use tokio::net::TcpListener;
use tonic::transport::{Channel, Endpoint};

async fn serve() -> Channel {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    // Ends with the runtime of the test.
    tokio::spawn(tasks::serve(listener));
    Endpoint::from_shared(format!("http://{address}")).expect("an address").connect_lazy()
}

#[tokio::test]
async fn the_scheduler_decides_by_kind() {
    let mut scheduler = Scheduler::new(serve().await);
    let rows = [
        ("tsk_1", Outcome::Running("run_1".into())),
        ("tsk_2", Outcome::Dropped("tsk_2 is gone".into())),
        ("tsk_busy", Outcome::Later(Duration::from_secs(30))),
        ("tsk_lost", Outcome::Later(Duration::from_secs(1))),
    ];
    for (task_id, expected) in rows {
        assert_eq!(scheduler.start(task_id).await, expected, "{task_id}");
    }
}

#[tokio::test]
async fn a_kind_newer_than_the_client_is_another() {
    let mut scheduler = Scheduler::new(serve().await);
    let Outcome::Dropped(why) = scheduler.start("tsk_archived").await else { panic!("it is not dropped") };
    assert!(why.starts_with("task_archived: "), "{why}");
}

#[tokio::test]
async fn a_lost_connection_is_another() {
    // Nobody listens on port 1.
    let mut scheduler = Scheduler::new(Endpoint::from_static("http://127.0.0.1:1").connect_lazy());
    assert_eq!(scheduler.start("tsk_1").await, Outcome::Later(Duration::from_secs(5)));
}

/// Any other stack sees a standard status with a standard detail.
#[tokio::test]
async fn the_wire_has_the_standard_detail() {
    let mut client = acme_services::pb::tasks_service_client::TasksServiceClient::new(serve().await);
    let request = acme_services::pb::StartTaskRequest { task_id: "tsk_9".into() };
    let status = client.start_task(request).await.expect_err("there is no such task");
    assert_eq!(status.code(), tonic::Code::NotFound);
    assert_eq!(status.message(), "Task tsk_9 does not exist. Verify the task ID.");
    let info = status.to_errwire().detail::<errwire::rpc::ErrorInfo>().expect("an ErrorInfo");
    assert_eq!((&*info.reason, &*info.domain), ("TASK_NOT_FOUND", "tasks.acme.example"));
    assert_eq!(info.metadata.into_iter().collect::<Vec<_>>(), [("task_id".to_owned(), "tsk_9".to_owned())]);
}
