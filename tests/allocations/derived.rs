//! What `#[derive(Kinds)]` writes allocates no more than what one writes by hand.

use allocation_counter::measure;
use errwire::{Code, Error, Kind, KindEntry, Kinds, StaticKindEntry, kinds};

#[derive(Clone, Kinds)]
#[errwire(domain = "api.example.com")]
enum TaskError {
    #[kind(status = 404, code = NOT_FOUND, message = "Task {task_id} of {project} does not exist. Verify the task ID.")]
    TaskLost { task_id: u64, project: String },
    #[kind(kinds::PAYMENT_REQUIRED)]
    NoMoney,
}

static TASK_LOST: KindEntry = KindEntry::from_static(StaticKindEntry {
    kind: "task_lost",
    reason: "TASK_LOST",
    status: 404,
    code: Code::NotFound,
    message: "Task {task_id} of {project} does not exist. Verify the task ID.",
    ..StaticKindEntry::of("api.example.com")
});

fn by_hand(error: TaskError) -> Error {
    match error {
        TaskError::TaskLost { task_id, project } => Error::new(Kind::from_static(&TASK_LOST))
            .with_metadata("task_id", task_id.to_string())
            .with_metadata("project", project),
        TaskError::NoMoney => Error::new(kinds::PAYMENT_REQUIRED),
    }
}

#[test]
fn as_much_as_by_hand() {
    for error in [TaskError::TaskLost { task_id: 7, project: "apollo".into() }, TaskError::NoMoney] {
        let (one, other) = (error.clone(), error);
        let mut made = Vec::with_capacity(2);
        let derived = measure(|| made.push(Error::from(one)));
        let hand = measure(|| made.push(by_hand(other)));
        assert_eq!((derived.count_total, derived.bytes_total), (hand.count_total, hand.bytes_total));
        assert!(hand.count_total >= 1, "something was counted");
        assert_eq!(made[0], made[1]);
    }
}
