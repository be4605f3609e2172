package githubsim

import (
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// graph is the schema. The lock is held.
func (w *world) graph() *ast.Schema {
	if w.schema == nil {
		w.schema = graphSchema()
	}
	return w.schema
}

// graphSchema is the part of GitHub's GraphQL schema that the hub has, in GitHub's own
// terms. What a document asks for beyond it is refused as GitHub refuses an unknown field.
func graphSchema() *ast.Schema {
	return gqlparser.MustLoadSchema(&ast.Source{Name: "github.graphql", Input: `
scalar DateTime
scalar BigInt
interface Node { id: ID! }
interface RepositoryOwner { id: ID!, login: String! }
type PageInfo { hasNextPage: Boolean!, endCursor: String }
type RateLimit { cost: Int!, limit: Int!, remaining: Int!, used: Int!, resetAt: DateTime!, nodeCount: Int! }
type User implements Node & RepositoryOwner & ProjectV2Owner { id: ID!, login: String!, projectV2(number: Int!): ProjectV2 }
type Organization implements Node & RepositoryOwner & ProjectV2Owner { id: ID!, login: String!, projectV2(number: Int!): ProjectV2 }
type Repository implements Node { id: ID!, databaseId: Int, nameWithOwner: String!, issue(number: Int!): Issue, projectsV2(first: Int, after: String): ProjectV2Connection! }
type ProjectV2Connection { nodes: [ProjectV2], pageInfo: PageInfo!, totalCount: Int! }
interface ProjectV2Owner { id: ID! }
type Issue implements Node {
  id: ID!, databaseId: Int, fullDatabaseId: BigInt, number: Int!, title: String!, updatedAt: DateTime!, repository: Repository!
  projectItems(first: Int, after: String, includeArchived: Boolean = true): ProjectV2ItemConnection!
}
type PullRequest implements Node { id: ID!, databaseId: Int, number: Int!, title: String!, repository: Repository! }
type DraftIssue implements Node { id: ID!, title: String! }
union ProjectV2ItemContent = DraftIssue | Issue | PullRequest
type ProjectV2 implements Node {
  id: ID!, number: Int!, title: String!, closed: Boolean!, public: Boolean!, updatedAt: DateTime!, viewerCanUpdate: Boolean!, owner: ProjectV2Owner!
  field(name: String!): ProjectV2FieldConfiguration
  fields(first: Int, after: String): ProjectV2FieldConfigurationConnection!
  items(first: Int, after: String): ProjectV2ItemConnection!
}
type ProjectV2FieldConfigurationConnection { nodes: [ProjectV2FieldConfiguration], pageInfo: PageInfo!, totalCount: Int! }
union ProjectV2FieldConfiguration = ProjectV2Field | ProjectV2SingleSelectField
type ProjectV2Field implements Node { id: ID!, name: String!, dataType: String! }
type ProjectV2SingleSelectField implements Node { id: ID!, name: String!, dataType: String!, options: [ProjectV2SingleSelectFieldOption!]! }
type ProjectV2SingleSelectFieldOption { id: String!, name: String! }
type ProjectV2ItemConnection { nodes: [ProjectV2Item], pageInfo: PageInfo!, totalCount: Int! }
type ProjectV2Item implements Node {
  id: ID!, type: String!, isArchived: Boolean!, createdAt: DateTime!, updatedAt: DateTime!, project: ProjectV2!
  content: ProjectV2ItemContent
  fieldValueByName(name: String!): ProjectV2ItemFieldValue
  fieldValues(first: Int, after: String): ProjectV2ItemFieldValueConnection!
}
type ProjectV2ItemFieldValueConnection { nodes: [ProjectV2ItemFieldValue], pageInfo: PageInfo!, totalCount: Int! }
union ProjectV2ItemFieldValue = ProjectV2ItemFieldTextValue | ProjectV2ItemFieldSingleSelectValue
type ProjectV2ItemFieldTextValue implements Node { id: ID!, text: String, updatedAt: DateTime! }
type ProjectV2ItemFieldSingleSelectValue implements Node {
  id: ID!, name: String, optionId: String, createdAt: DateTime!, updatedAt: DateTime!, field: ProjectV2FieldConfiguration!
}
type Query {
  viewer: User!
  organization(login: String!): Organization
  user(login: String!): User
  repositoryOwner(login: String!): RepositoryOwner
  repository(owner: String!, name: String!, followRenames: Boolean = true): Repository
  node(id: ID!): Node
  nodes(ids: [ID!]!): [Node]!
  rateLimit: RateLimit
}
input ProjectV2FieldValue { text: String, singleSelectOptionId: String }
input AddProjectV2ItemByIdInput { clientMutationId: String, projectId: ID!, contentId: ID! }
input UpdateProjectV2ItemFieldValueInput { clientMutationId: String, projectId: ID!, itemId: ID!, fieldId: ID!, value: ProjectV2FieldValue! }
input ClearProjectV2ItemFieldValueInput { clientMutationId: String, projectId: ID!, itemId: ID!, fieldId: ID! }
type AddProjectV2ItemByIdPayload { clientMutationId: String, item: ProjectV2Item }
type UpdateProjectV2ItemFieldValuePayload { clientMutationId: String, projectV2Item: ProjectV2Item }
type ClearProjectV2ItemFieldValuePayload { clientMutationId: String, projectV2Item: ProjectV2Item }
type Mutation {
  addProjectV2ItemById(input: AddProjectV2ItemByIdInput!): AddProjectV2ItemByIdPayload
  updateProjectV2ItemFieldValue(input: UpdateProjectV2ItemFieldValueInput!): UpdateProjectV2ItemFieldValuePayload
  clearProjectV2ItemFieldValue(input: ClearProjectV2ItemFieldValueInput!): ClearProjectV2ItemFieldValuePayload
}`})
}
