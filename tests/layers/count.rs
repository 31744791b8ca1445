//! `CountErrors`: counters with labels of closed sets.

use errwire::{
    Error, Kind, Report, kinds,
    layer::{CountErrors, Direction, Event, Observer},
};

use crate::recorder::Counts;

#[test]
fn counts_by_closed_sets() {
    let counts = Counts::default();
    let mut report = Report::default();
    let see = |direction: Direction, error: &Error, report: &Report| {
        metrics::with_local_recorder(&counts, || CountErrors.on_error(&Event::new(direction, error, report)));
    };
    see(Direction::GrpcServer, &Error::new(kinds::TASK_NOT_FOUND), &report);
    see(Direction::GrpcServer, &Error::new(kinds::TASK_NOT_FOUND), &report);
    see(Direction::HttpClient, &Error::new(kinds::TASK_NOT_FOUND), &report);
    report.trimmed = vec!["DebugInfo".into()];
    report.undeclared = Some("a.S/M".into());
    see(Direction::GrpcServer, &Error::new(Kind::new("chosen_by_a_peer").unwrap()), &report);

    let other = "direction=grpc_server,kind=_OTHER,code=UNKNOWN,error.type=UNKNOWN,rpc.response.status_code=UNKNOWN";
    let known = "direction=grpc_server,kind=task_not_found,code=NOT_FOUND,error.type=task_not_found,\
                 rpc.response.status_code=NOT_FOUND";
    let over_http = "direction=http_client,kind=task_not_found,code=NOT_FOUND,error.type=task_not_found,\
                     http.response.status_code=404";
    let expected = [
        (format!("errwire_errors_total {other}"), 1),
        (format!("errwire_errors_total {known}"), 2),
        (format!("errwire_errors_total {over_http}"), 1),
        (format!("errwire_trimmed_total {other}"), 1),
        (format!("errwire_undeclared_total {other},method=a.S/M"), 1),
    ];
    assert_eq!(counts.all(), expected.into());
}
