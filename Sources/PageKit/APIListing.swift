package import Hummingbird
package import Primitives

/// A kind of object in the API: its JSON Schema, in the two pieces that other schemas are put together from.
package struct APISchema: Sendable {
    /// Names of the fields that are always there.
    package let required: [String]
    /// The fields with their schemas: the inside of a `properties` object.
    package let properties: String

    /// Describes an object.
    package init(required: [String], properties: String) {
        self.required = required
        self.properties = properties
    }

    /// The same object with further fields.
    package func with(required more: [String] = [], properties further: String) -> APISchema {
        APISchema(required: required + more, properties: properties + "," + further)
    }

    /// The schema as JSON.
    package var json: String {
        let names = required.map { "\"\($0)\"" }.joined(separator: ",")
        return #"{"type":"object","required":[\#(names)],"properties":{\#(properties)}}"#
    }
}

/// A list in pages that the API gives: answered and described from one place, so that `/openapi.json` and the answers
/// cannot part.
package struct APIListing: Sendable {
    /// Items on a page.
    package static let perPage: Int64 = 100

    /// The list's address, such as `/api/v1/motions`.
    package let path: String
    /// The member of the answer that holds the items, such as `motions`.
    package let member: StaticString

    /// Names a list.
    package init(path: String, member: StaticString) {
        self.path = path
        self.member = member
    }

    /// The page that the request asks for. `read` gives the number of all items and those of the page; `write` writes one.
    package func answer<Item>(
        _ request: Request, read: (Paging) throws -> (total: Int64, items: [Item]),
        write: (Item, inout JSONWriter) -> Void
    ) throws -> Response {
        let paging = Paging(request, size: APIListing.perPage)
        let (total, items) = try read(paging)
        return APIAnswer.object { fields in
            // In the order of their names, as canonical JSON wants it.
            let numbers: [(StaticString, Int64)] = [
                ("page", paging.number), ("pages", paging.pages(of: total)), ("total", total),
            ]
            for (name, number) in numbers where "\(name)" < "\(member)" { fields.field(name, number) }
            fields.field(member, array: items) { writer, item in writer.object { write(item, &$0) } }
            for (name, number) in numbers where "\(name)" > "\(member)" { fields.field(name, number) }
        }
    }

    /// What the list is, for `/openapi.json`.
    package func operation(id: String, summary: String, tag: String, item: APISchema) -> APIOperation {
        let page = APISchema(
            required: ["\(member)", "page", "pages", "total"],
            properties: """
                "\(member)":{"type":"array","items":\(item.json)},"page":{"type":"integer"},\
                "pages":{"type":"integer"},"total":{"type":"integer"}
                """)
        return APIOperation(
            path: path, method: "get",
            json: """
                {"operationId":"\(id)","summary":"\(summary)","tags":["\(tag)"],"parameters":\
                [{"name":"page","in":"query","required":false,"schema":{"type":"integer","minimum":1}}],"responses":\
                {"200":{"description":"A page of the list","content":{"application/json":{"schema":\(page.json)}}}}}
                """)
    }
}

extension APIOperation {
    /// One thing by the parameter that its address ends with: 200 with the thing, or 404.
    package static func one(
        path: String, parameter: String, id: String, summary: String, tag: String, description: String,
        schema: APISchema
    ) -> APIOperation {
        APIOperation(
            path: "\(path)/{\(parameter)}", method: "get",
            json: """
                {"operationId":"\(id)","summary":"\(summary)","tags":["\(tag)"],"parameters":\
                [{"name":"\(parameter)","in":"path","required":true,"schema":{"type":"string"}}],"responses":\
                {"200":{"description":"\(description)","content":{"application/json":{"schema":\(schema.json)}}},\
                \(notFound)}}
                """)
    }
}
