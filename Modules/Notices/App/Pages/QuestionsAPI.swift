import Hummingbird
import NoticesContract
import PageKit
import Primitives
import ReadModels

/// The API of questions: all of them, and one with its official answers. What is masked has a standing and no text.
struct QuestionsAPI: Sendable {
    private static let listing = APIListing(path: "/api/v1/questions", member: "questions")

    private let environment: AppEnvironment
    private let reader: ContributionReader

    init(_ environment: AppEnvironment) {
        self.environment = environment
        reader = ContributionReader(environment)
    }

    func addRoutes(to router: Router<PageRequestContext>) {
        router.get("/api/v1/questions") { request, _ in try list(request) }
        router.get("/api/v1/questions/{question}") { _, context in
            try question(try context.parameters.require("question"))
        }
    }

    private func list(_ request: Request) throws -> Response {
        try QuestionsAPI.listing.answer(request) { paging in
            let (total, questions) = try environment.readModels.read { database in
                (
                    try QuestionQueries.count(database),
                    try QuestionQueries.questions(database, .newest, limit: paging.size, offset: paging.offset)
                )
            }
            return (total, try questions.map { ($0, try reader.read($0.content)) })
        } write: { (item: (QuestionSummary, Contribution), fields) in
            QuestionsAPI.write(item.0, item.1, [], to: &fields)
        }
    }

    private func question(_ id: String) throws -> Response {
        let question = try QuestionPage.find(id, environment)
        let given = try environment.readModels.read { try QuestionQueries.answers($0, id) }
        let answers = try given.map { ($0, try reader.read($0.content)) }
        let contribution = try reader.read(question.content)
        return APIAnswer.object { QuestionsAPI.write(question, contribution, answers, to: &$0) }
    }

    private static func write(
        _ question: QuestionSummary, _ contribution: Contribution, _ answers: [(ContributionSummary, Contribution)],
        to fields: inout JSONWriter
    ) {
        if let answered = question.answered { fields.field("answered", answered) }
        fields.field("answers", question.answers)
        fields.field("asked", question.asked)
        fields.field("comments", question.comments)
        fields.field("content", question.content.hex)
        if let inTime = question.inTime { fields.field("inTime", inTime) }
        if let notice = question.notice { fields.field("notice", notice) }
        if !answers.isEmpty {
            fields.field("officialAnswers", array: answers) { writer, answer in
                writer.object { fields in
                    fields.field("answered", answer.0.time)
                    fields.field("content", answer.0.content.hex)
                    fields.field("number", answer.0.number)
                    fields.field("party", answer.0.author)
                    fields.field("standing", answer.1.word)
                    if let text = answer.1.text { fields.field("text", text) }
                }
            }
        }
        fields.field("promisedBy", question.due)
        fields.field("question", question.question)
        if let record = question.record { fields.field("record", record) }
        fields.field("standing", contribution.word)
        if let text = contribution.text { fields.field("text", text) }
        fields.field("topic", question.topic.rawValue)
        fields.field("upvotes", question.upvotes)
    }

    /// The operations as OpenAPI 3.1 describes them.
    static let operations: [APIOperation] = [
        listing.operation(id: "listQuestions", summary: "Questions, the latest first", tag: "notices", item: schema),
        .one(
            path: listing.path, parameter: "question", id: "getQuestion",
            summary: "A question with its official answers", tag: "notices", description: "The question",
            schema: schema.with(
                properties: """
                    "officialAnswers":{"type":"array","items":{"type":"object","required":["number","party","answered",\
                    "content","standing"],"properties":{"number":{"type":"integer"},"party":{"type":"string"},\
                    "answered":{"type":"integer"},"content":{"type":"string"},"standing":{"enum":["shown","waiting",\
                    "masked"]},"text":{"type":"string"}}}}
                    """)),
    ]

    private static let schema = APISchema(
        required: [
            "question", "topic", "standing", "content", "asked", "promisedBy", "upvotes", "answers", "comments",
        ],
        properties: """
            "question":{"type":"string"},"topic":{"enum":["property","finance","environment","safety","neighbours",\
            "services","other"]},"standing":{"enum":["shown","waiting","masked"],"description":"whether its text is \
            shown, has not come to this node yet, or is masked by decision of two parties"},"text":{"type":"string"},\
            "content":{"type":"string","description":"SHA-256 of the text with its random first line"},"notice":\
            {"type":"string"},"asked":{"type":"integer","description":"ms since 1970 UTC"},"promisedBy":{"type":\
            "integer"},"answered":{"type":"integer"},"inTime":{"type":"boolean"},"upvotes":{"type":"integer"},\
            "answers":{"type":"integer"},"comments":{"type":"integer"},"record":{"type":"string"}
            """)
}
