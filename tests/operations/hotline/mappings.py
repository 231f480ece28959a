"""Mappings of the two real exports, as the page of the documentation has them."""

BALTIMORE = """
entity: request
id: SRRecordID
columns:
  received: {from: CreatedDate, format: "%m/%d/%Y %I:%M:%S %p"}
  due: {from: DueDate, format: "%m/%d/%Y %I:%M:%S %p"}
  closed: {from: CloseDate, format: "%m/%d/%Y %I:%M:%S %p"}
  channel: MethodReceived
  category: Agency
  category_2: SRType
  title: SRType
  body: Agency
  status: SRStatus
  place: Neighborhood
  address: Address
  offset: {value: -5}
coordinates: {lon: Longitude, lat: Latitude}
datum: wgs84
missing: ["39", "-77"]
ignore: "*"
"""
TIPDM_2 = """
entity: request
id: 留言编号
repeated: number
columns: {received: 留言时间, title: 留言主题, text: 留言详情, category: 一级分类}
ignore: 留言用户
"""
TIPDM_3 = """
entity: request
id: 留言编号
columns: {received: 留言时间, title: 留言主题, text: 留言详情, supporters: 点赞数}
ignore: [留言用户, 反对数]
"""
TIPDM_4 = """
entity: request
id: 留言编号
columns: {received: 留言时间, title: 留言主题, text: 留言详情, answer: 答复意见, closed: 答复时间}
ignore: 留言用户
"""
