#include "tools/simulator/citizens.h"
#include "base/check.h"
#include "base/text.h"
#include <string.h>

const struct citizen CITIZENS[] = {
    { .id = "id-01",
      .label = "an ordinary visit",
      .label_zh = "普通来访",
      .name = "李明轩",
      .sex = "1",
      .nation = "01",
      .birth = "19880315",
      .address = "广东省虚构市示例区样板路12号3栋402室",
      .number = "449999198803150019",
      .authority = "虚构市公安局示例分局",
      .valid_from = "20160520",
      .valid_to = "20360520",
      .type = ' ' },
    { .id = "id-02",
      .label = "card expired",
      .label_zh = "证件过期",
      .name = "王晓雨",
      .sex = "2",
      .nation = "01",
      .birth = "19951102",
      .address = "广东省虚构市示例区试验街8号",
      .number = "449999199511020022",
      .authority = "虚构市公安局示例分局",
      .valid_from = "20140310",
      .valid_to = "20240310",
      .type = ' ' },
    { .id = "id-03",
      .label = "valid for life",
      .label_zh = "长期有效",
      .name = "陈建国",
      .sex = "1",
      .nation = "01",
      .birth = "19790820",
      .address = "浙江省虚构市样本县演示镇模拟村66号",
      .number = "339999197908200035",
      .authority = "样本县公安局",
      .valid_from = "20250701",
      .valid_to = "长期",
      .type = ' ' },
    { .id = "id-04",
      .label = "long name with middle dots",
      .label_zh = "带间隔号的长姓名",
      .name = "阿依古丽·麦麦提·吐尔逊",
      .sex = "2",
      .nation = "05",
      .birth = "19900605",
      .address = "广东省虚构市示例区团结里5号院2单元301",
      .number = "449999199006050044",
      .authority = "虚构市公安局示例分局",
      .valid_from = "20190115",
      .valid_to = "20390115",
      .type = ' ' },
    { .id = "id-05",
      .label = "rare character, appended address",
      .label_zh = "生僻字、追加地址",
      .name = "张䶮",
      .sex = "1",
      .nation = "35",
      .birth = "19850101",
      .address = "浙江省虚构市样本县演示镇旧址路1号",
      .number = "339999198501010058",
      .authority = "样本县公安局",
      .valid_from = "20130909",
      .valid_to = "20330909",
      .appended_address = "浙江省虚构市样本区新居大道100号7幢1单元1203室",
      .type = ' ' },
    { .id = "id-06",
      .label = "Hong Kong resident's permit (J)",
      .label_zh = "港澳台居民居住证",
      .name = "黄子晴",
      .sex = "2",
      .nation = "",
      .birth = "19920410",
      .address = "广东省虚构市示例区湾畔路9号",
      .number = "810000199204100065",
      .authority = "虚构市公安局",
      .valid_from = "20230601",
      .valid_to = "20280601",
      .type = 'J',
      .permit = "H00000001",
      .issue_count = "01" },
    { .id = "id-07",
      .label = "past pension age",
      .label_zh = "已到退休年龄",
      .name = "赵桂芳",
      .sex = "2",
      .nation = "11",
      .birth = "19480919",
      .address = "广东省虚构市示例区安养巷3号",
      .number = "449999194809190021",
      .authority = "虚构市公安局示例分局",
      .valid_from = "20060401",
      .valid_to = "长期",
      .type = ' ' },
    { .id = "id-08",
      .label = "a young worker",
      .label_zh = "年轻就业者",
      .name = "周一诺",
      .sex = "2",
      .nation = "15",
      .birth = "20010228",
      .address = "浙江省虚构市样本县青年路21号B座",
      .number = "339999200102280026",
      .authority = "样本县公安局",
      .valid_from = "20210401",
      .valid_to = "20310401",
      .type = ' ' },
    { .id = "id-bad",
      .label = "wrong check digit",
      .label_zh = "号码校验位错误",
      .name = "吴假码",
      .sex = "1",
      .nation = "01",
      .birth = "19930707",
      .address = "广东省虚构市示例区校验路0号",
      .number = "449999199307070039",
      .authority = "虚构市公安局示例分局",
      .valid_from = "20180808",
      .valid_to = "20380808",
      .type = ' ' },
};
const size_t CITIZEN_COUNT = ARRAY_SIZE(CITIZENS);

const struct citizen *citizen_find(const char *id)
{
    for (size_t i = 0; i < CITIZEN_COUNT; i++) {
        if (strcmp(CITIZENS[i].id, id) == 0)
            return &CITIZENS[i];
    }
    return NULL;
}

/* Fills size bytes with the text and spaces; what does not fit is cut, as an issuer would. */
static void put_ucs2(uint8_t *out, size_t size, const char *text)
{
    const char *cursor = text;
    for (size_t i = 0; i + 1 < size; i += 2) {
        uint32_t code = *cursor != '\0' ? text_next(&cursor) : ' ';
        out[i] = (uint8_t)code;
        out[i + 1] = (uint8_t)(code >> 8);
    }
}

void citizen_encode_text(const struct citizen *citizen, uint8_t out[CITIZEN_TEXT_SIZE])
{
    const char type[2] = { citizen->type, '\0' };
    put_ucs2(out, CITIZEN_TEXT_SIZE, "");
    put_ucs2(out, 30, citizen->name);
    put_ucs2(out + 30, 2, citizen->sex);
    put_ucs2(out + 32, 4, citizen->nation);
    put_ucs2(out + 36, 16, citizen->birth);
    put_ucs2(out + 52, 70, citizen->address);
    put_ucs2(out + 122, 36, citizen->number);
    put_ucs2(out + 158, 30, citizen->authority);
    put_ucs2(out + 188, 16, citizen->valid_from);
    put_ucs2(out + 204, 16, citizen->valid_to);
    if (citizen->type == 'J') {
        put_ucs2(out + 220, 18, citizen->permit);
        put_ucs2(out + 238, 4, citizen->issue_count);
    }
    put_ucs2(out + 248, 2, type);
}

bool citizen_encode_appended_address(const struct citizen *citizen,
                                     uint8_t out[CITIZEN_ADDRESS_SIZE])
{
    if (citizen->appended_address == NULL)
        return false;
    put_ucs2(out, CITIZEN_ADDRESS_SIZE, citizen->appended_address);
    return true;
}

void citizen_encode_photo(const struct citizen *citizen, uint8_t out[CITIZEN_PHOTO_SIZE])
{
    uint32_t state = 2166136261u;
    for (const char *at = citizen->number; *at != '\0'; at++)
        state = (state ^ (uint8_t)*at) * 16777619u;
    for (size_t i = 0; i < CITIZEN_PHOTO_SIZE; i++) {
        state = state * 1664525u + 1013904223u;
        out[i] = (uint8_t)(state >> 24);
    }
}
